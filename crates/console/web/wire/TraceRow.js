// One trace in the list.
import { html } from "../html.js";
import { exactTime } from "../state/time.js";
import { outcome } from "../state/traces.js";
import { Icon } from "../shell/icons.js";
import { isRefused, titleOf } from "./titles.js";

/** @type {Record<string, string>} */
const WORDS = { delivered: "Delivered", failed: "Failed", suppressed: "Not sent" };

/** @param {{ trace: Trace, current: boolean, open: () => void }} props */
export function TraceRow({ trace, current, open }) {
  const { icon, who, does, what } = titleOf(trace);
  const result = outcome(trace);
  const status = trace.head?.status;
  return html`
    <button class="trace-row" type="button" aria-current=${current ? "true" : undefined} onClick=${open} data-kind=${trace.head?.type ?? "change"}>
      <span class="trace-icon"><${Icon} name=${icon} size=${16} /></span>
      <span class="trace-words">
        <span class="trace-line"><span class="trace-title"><b>${who}</b> ${does}</span><span class="trace-time">${exactTime(trace.at)}</span></span>
        <span class="trace-line"><span class="trace-what">${what}</span><span class="trace-chips">
          ${isRefused(trace) && html`<span class="badge bad">${status}</span>`}
          ${!isRefused(trace) && trace.head?.type === "request" && html`<span class="badge good">${status}</span>`}
          ${result && html`<span class="badge" data-state=${result}>${WORDS[result]}</span>`}
        </span></span>
      </span>
    </button>`;
}
