// One step of a trace.
import { html } from "../html.js";
import { Icon } from "../shell/icons.js";

/** @param {{ icon: string, kind: string, title: any, note?: any, tone?: "good" | "bad" | "warn" | "plain", children?: any }} props `kind` says what sort of step it is */
export const Step = ({ icon, kind, title, note, tone = "plain", children }) => html`
  <li class="step" data-tone=${tone}>
    <span class="step-icon" aria-hidden="true"><${Icon} name=${icon} size=${15} /></span>
    <div class="step-body">
      <p class="step-kind">${kind}</p>
      <div class="step-title"><h3>${title}</h3>${note && html`<span class="step-note">${note}</span>`}</div>
      ${children}
    </div>
  </li>`;
