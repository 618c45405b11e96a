// Everything that can be sent besides text.
import { html, useState } from "../html.js";
import { attempt } from "../state/notice.js";
import { play } from "../state/sim.js";
import { Icon } from "../shell/icons.js";
import { Sheet } from "../shell/Sheet.js";
import { Picture } from "./Picture.js";

/** @param {{ account: Account, who: string, close: () => void }} props */
export function AttachSheet({ account, who, close }) {
  const [url, setUrl] = useState("");
  const [kind, setKind] = useState("image");
  const [answer, setAnswer] = useState("");
  const to = account.username;
  /** @param {string} act @param {object | FormData} body */
  const run = async (act, body) => {
    const done = await attempt(() => play(who, act, body));
    if (done) close();
  };
  /** @param {Event} event */
  const upload = (event) => {
    const file = /** @type {HTMLInputElement} */ (event.currentTarget).files?.[0];
    if (!file) return;
    const form = new FormData();
    form.append("to", to);
    form.append("type", kindOf(file.type));
    form.append("file", file);
    void run("send", form);
  };
  /** @param {Media} media @param {string} label @param {() => void} act */
  const choice = (media, label, act) => html`
    <button class="media-choice" type="button" onClick=${act} aria-label=${label} title=${label}><${Picture} url=${media.url} words="" kind="thumb" /><span>${media.caption || media.media_product_type.toLowerCase()}</span></button>`;
  return html`
    <${Sheet} title="Send" close=${close}>
      <label class="upload"><${Icon} name="image" /><span>A picture, video, voice message or document from this computer</span>
        <input type="file" class="unseen" aria-label="File to send" onChange=${upload} /></label>
      <form class="sheet-form" onSubmit=${(/** @type {Event} */ event) => {
        event.preventDefault();
        void run("send", { to, attachments: [{ type: kind, url }] });
      }}>
        <label class="field grow"><span>Or from an address</span><input type="url" required placeholder="http://127.0.0.1:3000/cat.png" value=${url}
          onInput=${(/** @type {any} */ event) => setUrl(event.currentTarget.value)} /></label>
        <label class="field"><span>Kind</span><select value=${kind} onChange=${(/** @type {any} */ event) => setKind(event.currentTarget.value)}>
          ${["image", "video", "audio", "file"].map((name) => html`<option value=${name}>${name}</option>`)}</select></label>
        <button class="button" type="submit">Send</button>
      </form>
      ${account.media.length > 0 && html`<h3 class="label">Share a post of ${to}</h3>
        <div class="media-choices">${account.media.map((media) => choice(media, `Share “${media.caption}”`, () => run("send", { to, share: { media_id: media.id } })))}</div>`}
      ${account.stories.length > 0 && html`<h3 class="label">Reply to a story of ${to}</h3>
        <label class="field"><span>Your reply</span><input value=${answer} placeholder="Love it!" onInput=${(/** @type {any} */ event) => setAnswer(event.currentTarget.value)} /></label>
        <div class="media-choices">${account.stories.map((story) =>
          choice(story, `Reply to the story “${story.caption}”`, () => run("send", { to, text: answer.trim() || "Love it!", reply_to: { story: story.id } })),
        )}</div>`}
      ${account.welcome_message_flows.length > 0 &&
      html`<h3 class="label">Be greeted by a welcome flow</h3>
        <div class="sheet-list">${account.welcome_message_flows.map((flow) => html`<button type="button" onClick=${() => run("tap", { to, flow: flow.id })}><${Icon} name="ad" />${flow.name}</button>`)}</div>`}
      <h3 class="label">More</h3>
      <div class="sheet-list">
        <button type="button" onClick=${() => run("send", { to, story_mention: { url: mentionPicture(account) } })} disabled=${!mentionPicture(account)}><${Icon} name="story" />Mention ${to} in your story</button>
        <button type="button" onClick=${() => run("send", { to, disappearing: true })}><${Icon} name="eye" />A disappearing photo</button>
        <button type="button" onClick=${() => run("send", { to, unsupported: true })}><${Icon} name="more" />Something that the API has no form for</button>
      </div>
      <${LinkForm} run=${(/** @type {string} */ ref) => run("tap", { to, ref })} to=${to} />
    </${Sheet}>`;
}

/** @param {{ run: (reference: string) => void, to: string }} props */
function LinkForm({ run, to }) {
  const [reference, setReference] = useState("summer_sale");
  return html`
    <form class="sheet-form" onSubmit=${(/** @type {Event} */ event) => {
      event.preventDefault();
      run(reference);
    }}>
      <label class="field grow"><span>Open ig.me/m/${to}?ref=</span><input required value=${reference} onInput=${(/** @type {any} */ event) => setReference(event.currentTarget.value)} /></label>
      <button class="button" type="submit"><${Icon} name="link" size=${15} />Open</button>
    </form>`;
}

/**
 * A story needs a picture: one that the sandbox has.
 * @param {Account} account
 */
const mentionPicture = (account) => (account.stories[0] ?? account.media[0])?.url;

/** @param {string} type a media type such as `image/png` */
function kindOf(type) {
  const kind = type.split("/")[0];
  return kind === "image" || kind === "video" || kind === "audio" ? kind : "file";
}
