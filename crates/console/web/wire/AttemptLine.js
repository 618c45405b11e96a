// One HTTP try of a webhook.
import { html } from "../html.js";
import { exactTime, took } from "../state/time.js";
import { Icon } from "../shell/icons.js";
import { webhookCurl } from "./curl.js";
import { Payload } from "./Payload.js";
import { SignatureCheck } from "./SignatureCheck.js";

/** @param {{ attempt: Attempt, product: ReturnType<typeof import("../state/world.js").productOf>, name?: string }} props */
export const AttemptLine = ({ attempt, product, name }) => html`
  <div class="attempt" data-accepted=${attempt.accepted}>
    <p class="attempt-head">
      <${Icon} name=${attempt.accepted ? "check" : "cross"} size=${14} />
      <b>${name ?? (attempt.replay ? "Replay" : `Attempt ${attempt.number}`)}</b>
      <span class="badge ${attempt.accepted ? "good" : "bad"}">${attempt.status ?? "no answer"}</span>
      <span class="attempt-facts">${took(attempt.took_us)} · ${exactTime(attempt.at)}</span>
    </p>
    <p class="attempt-url mono">POST ${attempt.url}</p>
    ${attempt.error && html`<p class="reason">${attempt.error}</p>`}
    <${SignatureCheck} attempt=${attempt} product=${product} />
    <${Payload} label="Sent" body=${attempt.body} headers=${attempt.headers} curl=${() => webhookCurl(attempt)} />
    ${attempt.response && html`<${Payload} label="The endpoint's answer" body=${attempt.response.body} headers=${attempt.response.headers} open=${!attempt.accepted} />`}
  </div>`;
