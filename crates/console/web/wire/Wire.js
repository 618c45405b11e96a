// What went over the wire: one trace for each request or act, and the one that is looked at.
import { html, useMemo, useState } from "../html.js";
import { go, route } from "../state/route.js";
import { useStore } from "../state/store.js";
import { outcome, selected, traces } from "../state/traces.js";
import { FirstSteps, NothingChosen, putAway } from "./FirstSteps.js";
import { TraceDetail } from "./TraceDetail.js";
import { TraceRow } from "./TraceRow.js";
import { isRefused, isTyping } from "./titles.js";

const FILTERS = [
  { name: "All", keeps: (/** @type {Trace} */ trace) => !isTyping(trace) },
  { name: "Requests", keeps: (/** @type {Trace} */ trace) => trace.head?.type === "request" },
  { name: "People", keeps: (/** @type {Trace} */ trace) => trace.head?.type === "act" && !isTyping(trace) },
  { name: "Webhooks", keeps: (/** @type {Trace} */ trace) => trace.events.length > 0 },
  { name: "Failures", keeps: (/** @type {Trace} */ trace) => isRefused(trace) || outcome(trace) === "failed" || outcome(trace) === "suppressed" },
];

export function Wire() {
  const all = useStore(traces);
  const chosen = useStore(selected);
  const { part } = useStore(route);
  const isPutAway = useStore(putAway);
  const [filter, setFilter] = useState(0);
  const shown = useMemo(() => all.filter(FILTERS[filter].keeps).slice(0, 150), [all, filter]);
  const trace = all.find((known) => known.id === chosen);
  /** @param {Trace} one */
  const open = (one) => {
    selected.set(one.id);
    if (part !== "wire" && matchMedia("(max-width: 719px)").matches) go("wire");
  };
  return html`
    <section class="wire" aria-label="Wire" data-detail=${trace ? true : undefined}>
      <div class="wire-list">
        <header class="wire-head"><h2>Wire</h2><p class="hint">What happened, and what followed from it</p></header>
        <div class="filters" role="group" aria-label="Show">
          ${FILTERS.map(({ name }, at) => html`<button type="button" aria-pressed=${at === filter} onClick=${() => setFilter(at)}>${name}</button>`)}
        </div>
        ${shown.length === 0
          ? html`<div class="empty"><p class="empty-title">${all.length === 0 ? "Quiet so far" : "Nothing of that kind"}</p>
              <p class="hint">${all.length === 0 ? "Write something on the phone, or call the API: each act is traced here." : "Other filters show more."}</p></div>`
          : html`<ol class="traces">${shown.map((one) => html`<li key=${one.id}><${TraceRow} trace=${one} current=${one.id === chosen} open=${() => open(one)} /></li>`)}</ol>`}
      </div>
      <div class="wire-detail">
        ${trace ? html`<${TraceDetail} key=${trace.id} trace=${trace} close=${() => selected.set(null)} />` : isPutAway ? html`<${NothingChosen} />` : html`<${FirstSteps} />`}
      </div>
    </section>`;
}
