// The question to a callback, and its answer.
import { html } from "../html.js";
import { Code } from "./Code.js";
import { Step } from "./Step.js";

/** @param {{ handshake: Entry }} props */
export const HandshakeStep = ({ handshake }) => html`
  <${Step} icon="webhook" kind="Handshake" tone=${handshake.ok ? "good" : "bad"} title=${handshake.ok ? "The callback repeated the challenge" : "The callback failed the handshake"}
    note=${handshake.status ?? undefined}>
    <${HandshakeLines} handshake=${handshake} />
  </${Step}>`;

/** @param {{ handshake: Entry }} props */
export const HandshakeLines = ({ handshake }) => html`
  <div class="handshake">
    <${Code} label="Asked" text=${`GET ${handshake.url}`} />
    <dl class="facts tight">
      <div><dt>Wanted</dt><dd>status 200, and as the body <code>${handshake.challenge}</code></dd></div>
      <div><dt>Got</dt><dd>${handshake.status === null ? "no answer" : html`status ${handshake.status}, and as the body <code>${handshake.body === "" ? "nothing" : cut(handshake.body)}</code>`}</dd></div>
      ${handshake.error && html`<div><dt>Failure</dt><dd>${handshake.error}</dd></div>`}
    </dl>
  </div>`;

/** @param {string} text */
const cut = (text) => (text.length > 160 ? `${text.slice(0, 160)}…` : text);
