// The call of the sim that a trace began with.
import { html } from "../html.js";
import { Payload } from "./Payload.js";
import { Step } from "./Step.js";
import { simCurl } from "./curl.js";

/** @param {{ head: Entry }} props */
export const ActStep = ({ head }) => html`
  <${Step} icon="person" kind="Act" title=${html`<code>${head.method} ${head.path}</code>`}>
    <${Payload} label="What the sim was told" body=${head.body} curl=${() => simCurl(head)} />
  </${Step}>`;
