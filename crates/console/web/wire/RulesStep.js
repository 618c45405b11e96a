// What the rules said.
import { html } from "../html.js";
import { Icon } from "../shell/icons.js";
import { decisions } from "./decisions.js";
import { Step } from "./Step.js";

/** @param {{ trace: Trace, request: LoggedRequest | null }} props */
export function RulesStep({ trace, request }) {
  const made = decisions(trace, request);
  if (made.length === 0) return null;
  const refused = made.some((decision) => !decision.allows);
  return html`
    <${Step} icon="rules" kind="Rules" tone=${refused ? "bad" : "good"} title=${refused ? "Refused" : "Allowed"}>
      <ul class="decisions">
        ${made.map(
          ({ allows, words, why }) => html`<li data-allows=${allows}><${Icon} name=${allows ? "check" : "cross"} size=${14} />
            <span><span class="unseen">${allows ? "Yes: " : "No: "}</span>${words}${why && html`<span class="decision-why">${why}</span>`}</span></li>`,
        )}
      </ul>
    </${Step}>`;
}
