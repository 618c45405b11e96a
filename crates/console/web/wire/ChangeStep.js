// What is different now.
import { html } from "../html.js";
import { clockTime, dayOf } from "../state/time.js";
import { Secret } from "../shell/Secret.js";
import { Step } from "./Step.js";

/** @type {Record<string, string>} */
const WORDS = {
  message: "Message stored",
  edit: "Text changed",
  unsend: "Message taken back",
  reaction: "Reaction changed",
  seen: "Seen",
  typing: "Typing",
  referral: "Came by a link",
  flow_shown: "Flow shown to the person alone",
  thread_control: "Control of the conversation",
};

/** @param {{ changes: Entry[] }} props */
export const ChangeStep = ({ changes }) => html`
  <${Step} icon="database" kind="State" title=${changes.map((change) => WORDS[change.type] ?? change.type).join(", ")}>
    ${changes.map(
      (change) => html`
        <dl class="facts tight">
          ${change.text && html`<div><dt>${change.type === "referral" ? "ref" : change.type === "thread_control" ? "Act" : "Text"}</dt><dd>${change.text}</dd></div>`}
          ${change.attachments && html`<div><dt>Carries</dt><dd>${change.attachments.join(", ")}</dd></div>`}
          ${change.type === "thread_control" && html`<div><dt>In control</dt><dd>${change.owner_app_id ?? "nobody"}</dd></div>`}
          ${change.type === "reaction" && html`<div><dt>Reaction</dt><dd>${change.reaction ?? "taken back"}</dd></div>`}
          ${change.mid && html`<div><dt>mid</dt><dd><${Secret} text=${change.mid} label="the mid" /></dd></div>`}
          ${change.folder && html`<div><dt>Folder</dt><dd>${change.folder}</dd></div>`}
          ${change.window_until && html`<div><dt>Window</dt><dd>until ${dayOf(change.window_until)}, ${clockTime(change.window_until)}</dd></div>`}
        </dl>`,
    )}
  </${Step}>`;
