// The fields of one message of a flow.
import { html } from "../html.js";
import { Icon } from "../shell/icons.js";

/** @param {{ label: string, value: string, set: (value: string) => void, required?: boolean, most?: number, type?: string }} props */
const Line = ({ label, value, set, required = true, most, type = "text" }) => html`
  <label class="field"><span>${label}</span><input type=${type} required=${required} maxlength=${most} value=${value ?? ""} onInput=${(/** @type {any} */ event) => set(event.currentTarget.value)} /></label>`;

/**
 * @template T
 * @param {T[]} list
 * @param {number} at
 * @param {T} item
 */
const replaced = (list, at, item) => list.map((one, n) => (n === at ? item : one));

/** @param {{ message: any, change: (message: any) => void }} props */
export function MessageFields({ message, change }) {
  const attachment = message?.attachment;
  const payload = attachment?.payload;
  /** @param {any} next */
  const put = (next) => change({ ...message, attachment: { ...attachment, payload: next } });
  if (typeof message?.text === "string") return html`<${TextFields} message=${message} change=${change} />`;
  if (attachment?.type === "image" && "url" in payload) return html`<${Line} label="Address of the picture" type="url" value=${payload.url} set=${(/** @type {string} */ url) => put({ url })} />`;
  if (payload?.template_type === "button") {
    return html`<${Line} label="Text" most=${640} value=${payload.text} set=${(/** @type {string} */ text) => put({ ...payload, text })} />
      <${Buttons} buttons=${payload.buttons ?? []} set=${(/** @type {any[]} */ buttons) => put({ ...payload, buttons })} />`;
  }
  if (payload?.template_type === "generic") {
    const elements = payload.elements ?? [];
    return html`${elements.map((/** @type {any} */ element, /** @type {number} */ at) => {
        /** @param {any} next */
        const set = (next) => put({ ...payload, elements: replaced(elements, at, next) });
        return html`<div class="form" role="group" aria-label=${`Card ${at + 1}`} key=${at}>
          <div class="item"><${Line} label=${`Title of card ${at + 1}`} most=${80} value=${element.title} set=${(/** @type {string} */ title) => set({ ...element, title })} />
            <button class="icon-button" type="button" aria-label=${`Remove card ${at + 1}`} disabled=${elements.length === 1} onClick=${() => put({ ...payload, elements: elements.filter((/** @type {any} */ _, /** @type {number} */ n) => n !== at) })}><${Icon} name="trash" size=${15} /></button></div>
          <${Line} label="Subtitle" required=${false} most=${80} value=${element.subtitle} set=${(/** @type {string} */ subtitle) => set(without({ ...element, subtitle }, "subtitle"))} />
          <${Line} label="Address of its picture" required=${false} type="url" value=${element.image_url} set=${(/** @type {string} */ image_url) => set(without({ ...element, image_url }, "image_url"))} />
          <${Buttons} buttons=${element.buttons ?? []} set=${(/** @type {any[]} */ buttons) => set({ ...element, buttons })} />
        </div>`;
      })}
      <div><button class="button small" type="button" disabled=${elements.length >= 10} onClick=${() => put({ ...payload, elements: [...elements, { title: "", buttons: [{ type: "postback", title: "", payload: "" }] }] })}><${Icon} name="plus" size=${14} />Add a card</button></div>`;
  }
  return html`<p class="hint">This kind of message is written as JSON.</p>`;
}

/**
 * Without an empty member, which the API refuses.
 * @param {any} object
 * @param {string} name
 */
function without(object, name) {
  if (object[name]) return object;
  const { [name]: _, ...rest } = object;
  return rest;
}

/** @param {{ message: any, change: (message: any) => void }} props */
function TextFields({ message, change }) {
  const replies = message.quick_replies ?? [];
  /** @param {any[]} next */
  const set = (next) => change(next.length > 0 ? { ...message, quick_replies: next } : { text: message.text });
  return html`
    <label class="field"><span>Text</span><textarea rows="2" required maxlength="1000" value=${message.text} onInput=${(/** @type {any} */ event) => change({ ...message, text: event.currentTarget.value })}></textarea></label>
    ${replies.map((/** @type {any} */ reply, /** @type {number} */ at) => html`
      <div class="item" key=${at}>
        ${reply.content_type === "text"
          ? html`<${Line} label=${`Quick reply ${at + 1}`} most=${20} value=${reply.title} set=${(/** @type {string} */ title) => set(replaced(replies, at, { ...reply, title }))} />
              <${Line} label="Payload" value=${reply.payload} set=${(/** @type {string} */ payload) => set(replaced(replies, at, { ...reply, payload }))} />`
          : html`<p class="hint grow">Quick reply ${at + 1}: ${reply.content_type}</p>`}
        <button class="icon-button" type="button" aria-label=${`Remove quick reply ${at + 1}`} onClick=${() => set(replies.filter((/** @type {any} */ _, /** @type {number} */ n) => n !== at))}><${Icon} name="trash" size=${15} /></button>
      </div>`)}
    <div><button class="button small" type="button" disabled=${replies.length >= 13} onClick=${() => set([...replies, { content_type: "text", title: "", payload: "" }])}><${Icon} name="plus" size=${14} />Add a quick reply</button></div>`;
}

/** @param {{ buttons: any[], set: (buttons: any[]) => void }} props */
const Buttons = ({ buttons, set }) => html`
  ${buttons.map((button, at) => html`
    <div class="item" key=${at}>
      <label class="field narrow"><span>Kind</span><select onChange=${(/** @type {any} */ event) => set(replaced(buttons, at, event.currentTarget.value === "web_url" ? { type: "web_url", title: button.title, url: "" } : { type: "postback", title: button.title, payload: "" }))}>
        <option value="postback" selected=${button.type === "postback"}>postback</option><option value="web_url" selected=${button.type === "web_url"}>web page</option></select></label>
      <${Line} label=${`Button ${at + 1}`} most=${20} value=${button.title} set=${(/** @type {string} */ title) => set(replaced(buttons, at, { ...button, title }))} />
      ${button.type === "web_url"
        ? html`<${Line} label="URL" type="url" value=${button.url} set=${(/** @type {string} */ url) => set(replaced(buttons, at, { ...button, url }))} />`
        : html`<${Line} label="Payload" value=${button.payload} set=${(/** @type {string} */ payload) => set(replaced(buttons, at, { ...button, payload }))} />`}
      <button class="icon-button" type="button" aria-label=${`Remove button ${at + 1}`} disabled=${buttons.length === 1} onClick=${() => set(buttons.filter((_, n) => n !== at))}><${Icon} name="trash" size=${15} /></button>
    </div>`)}
  <div><button class="button small" type="button" disabled=${buttons.length >= 3} onClick=${() => set([...buttons, { type: "postback", title: "", payload: "" }])}><${Icon} name="plus" size=${14} />Add a button</button></div>`;
