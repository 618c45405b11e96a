// One line about what was refused or done.
import { html } from "../html.js";
import { notice } from "../state/notice.js";
import { useStore } from "../state/store.js";
import { Icon } from "./icons.js";

export function NoticeLine() {
  const shown = useStore(notice);
  return html`
    <div class="notices" role="status" aria-live="polite">
      ${shown &&
      html`
        <div class="notice" data-kind=${shown.kind} key=${shown.number}>
          <${Icon} name=${shown.kind === "error" ? "cross" : "check"} size=${16} /><span>${shown.text}</span>
          <button class="icon-button small" type="button" aria-label="Dismiss" onClick=${() => notice.set(null)}><${Icon} name="close" size=${14} /></button>
        </div>`}
    </div>`;
}
