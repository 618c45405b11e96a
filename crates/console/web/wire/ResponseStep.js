// What the caller was answered.
import { html } from "../html.js";
import { took } from "../state/time.js";
import { Payload } from "./Payload.js";
import { Step } from "./Step.js";

/** @param {{ head: Entry, request: LoggedRequest | null }} props */
export function ResponseStep({ head, request }) {
  const refused = head.status >= 400;
  const body = request?.response ?? head.response;
  return html`
    <${Step} icon=${refused ? "cross" : "check"} kind="Response" tone=${refused ? "bad" : "good"} title=${`${head.status} ${refused ? "Refused" : "OK"}`}
      note=${head.took_us === undefined ? undefined : took(head.took_us)}>
      ${body !== null && body !== undefined && html`<${Payload} label="Answer" body=${typeof body === "string" ? body : JSON.stringify(body)} open=${refused} />`}
    </${Step}>`;
}
