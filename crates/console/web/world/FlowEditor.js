// A welcome message flow: its messages as a form or as JSON, and as the person sees them.
import { html, useState } from "../html.js";
import { MessageRow } from "../phone/MessageRow.js";
import { QuickReplies } from "../phone/QuickReplies.js";
import { Form } from "../shell/Form.js";
import { Icon } from "../shell/icons.js";
import { MessageFields } from "./MessageFields.js";
import { Preview } from "./Preview.js";

/** @type {{ name: string, message: any }[]} */
const KINDS = [
  { name: "Text", message: { text: "" } },
  { name: "Picture", message: { attachment: { type: "image", payload: { url: "" } } } },
  { name: "Buttons", message: { attachment: { type: "template", payload: { template_type: "button", text: "", buttons: [{ type: "postback", title: "", payload: "" }] } } } },
  { name: "Cards", message: { attachment: { type: "template", payload: { template_type: "generic", elements: [{ title: "", subtitle: "", buttons: [{ type: "postback", title: "", payload: "" }] }] } } } },
];

/** @param {{ draft: import("./Flows.js").Draft, account: Account, save: (name: string, messages: any[]) => Promise<void>, close: () => void }} props */
export function FlowEditor({ draft, account, save, close }) {
  const [name, setName] = useState(draft.name);
  const [messages, setMessages] = useState(draft.messages);
  const [text, setText] = useState(/** @type {string | null} */ (null));
  /** @param {number} at @param {any} message */
  const change = (at, message) => setMessages(messages.map((one, n) => (n === at ? { ...one, message } : one)));
  /** @param {string} written */
  const write = (written) => {
    setText(written);
    try {
      const read = JSON.parse(written);
      if (Array.isArray(read)) setMessages(read);
    } catch {
      // The preview stays as it was until the JSON is whole.
    }
  };
  const submit = async () => {
    if (text !== null) JSON.parse(text);
    await save(name, messages);
  };
  return html`
    <div class="editor">
      <${Form} action="Save the flow" done="The flow is saved." label="Flow" submit=${submit} more=${html`<button class="button" type="button" onClick=${close}>Leave it</button>`}>
        <div class="item"><label class="field"><span>Name</span><input required value=${name} onInput=${(/** @type {any} */ event) => setName(event.currentTarget.value)} /></label>
          <div class="segments" role="group" aria-label="How the messages are written">
            <button type="button" aria-pressed=${text === null} onClick=${() => setText(null)}>Form</button>
            <button type="button" aria-pressed=${text !== null} onClick=${() => setText(JSON.stringify(messages, null, 2))}>JSON</button></div></div>
        ${text !== null
          ? html`<label class="field"><span>welcome_message_flow</span><textarea class="mono" rows="18" spellcheck=${false} value=${text} onInput=${(/** @type {any} */ event) => write(event.currentTarget.value)}></textarea></label>`
          : html`${messages.map((one, at) => html`
              <div class="flow-message" role="group" aria-label=${`Message ${at + 1}`} key=${at}>
                <div class="flow-message-head"><span class="label">Message ${at + 1}</span>
                  <button class="icon-button small" type="button" aria-label=${`Remove message ${at + 1}`} disabled=${messages.length === 1} onClick=${() => setMessages(messages.filter((_, n) => n !== at))}><${Icon} name="trash" size=${15} /></button></div>
                <${MessageFields} message=${one.message} change=${(/** @type {any} */ message) => change(at, message)} />
              </div>`)}
            <div class="row wrap"><span class="label">Add</span>${KINDS.map((kind) => html`<button class="button small" type="button" onClick=${() => setMessages([...messages, { message: structuredClone(kind.message) }])}>${kind.name}</button>`)}</div>`}
      </${Form}>
      <${Preview} name=${account.name}>
        ${messages.map((one, at) => html`<${MessageRow} key=${at} message=${seen(one.message, account, at)} account=${account} who="" messages=${[]} joins=${at > 0} reply=${nothing} edit=${nothing} />`)}
        ${lastReplies(messages, account)}
      </${Preview}>
    </div>`;
}

const nothing = () => {};

/** @param {any[]} messages @param {Account} account */
function lastReplies(messages, account) {
  const last = seen(messages[messages.length - 1]?.message, account, messages.length);
  return last.quick_replies && html`<${QuickReplies} message=${last} who="" />`;
}

/**
 * A message of a request as the inbox would show it.
 * @param {any} message
 * @param {Account} account
 * @param {number} at
 * @returns {Message}
 */
function seen(message, account, at) {
  const attached = message?.attachment ?? message?.attachments;
  const isShare = String(attached?.type).toLowerCase() === "media_share";
  const shared = isShare && account.media.find((media) => media.id === attached.payload?.id);
  const shown = attached && { type: isShare ? "share" : attached.type, url: shared ? shared.url : attached.payload?.url, payload: attached.payload };
  return { mid: `preview ${at}`, from: account.username, timestamp: new Date().toISOString(), text: message?.text, attachments: shown ? [shown] : [], quick_replies: message?.quick_replies, reactions: [] };
}
