// Where the person writes.
import { html, useEffect, useRef, useState } from "../html.js";
import { attempt, tell } from "../state/notice.js";
import { play } from "../state/sim.js";
import { Icon } from "../shell/icons.js";
import { hostOf } from "../state/address.js";
import { AccountMenu } from "./AccountMenu.js";
import { AttachSheet } from "./AttachSheet.js";
import { VoiceButton } from "./VoiceButton.js";
import { contentOf } from "./words.js";

/** @param {{ account: Account, who: string, menu: any[], replyTo: Message | null, editing: Message | null, clear: () => void }} props */
export function Composer({ account, who, menu, replyTo, editing, clear }) {
  const [text, setText] = useState("");
  const [attaching, setAttaching] = useState(false);
  const [shows, setShows] = useState(false);
  const [recording, setRecording] = useState(false);
  const field = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const typing = useRef(false);
  const to = account.username;
  useEffect(() => {
    if (editing) setText(editing.text ?? "");
    if (editing || replyTo) field.current?.focus();
  }, [editing, replyTo]);
  /** @param {boolean} on */
  const type = (on) => {
    if (typing.current === on || editing) return;
    typing.current = on;
    // Nothing depends on it, so its failure is not worth a word.
    play(who, "typing", { to, on }).catch(() => {});
  };
  const write = async () => {
    const written = text.trim();
    if (!written) return;
    setText("");
    typing.current = false;
    const done = await attempt(() =>
      editing
        ? play(who, "edit", { mid: editing.mid, text: written })
        : play(who, "send", { to, text: written, ...(replyTo ? { reply_to: { mid: replyTo.mid } } : {}) }),
    );
    if (done) clear();
    else setText(written);
    field.current?.focus();
  };
  /** @param {KeyboardEvent} event */
  const keys = (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      void write();
    }
    if (event.key === "Escape" && (editing || replyTo)) {
      setText("");
      clear();
    }
  };
  /** @param {number} at */
  const choose = async (at) => {
    setShows(false);
    const tapped = await attempt(() => play(who, "tap", { to, menu: [at] }));
    if (tapped?.url) {
      window.open(tapped.url, "_blank", "noopener,noreferrer");
      tell(`Opened ${hostOf(tapped.url)}: nobody is told of that.`);
    }
  };
  const about = editing ?? replyTo;
  return html`
    <div class="composer">
      ${about &&
      html`<div class="composer-about"><span><b>${editing ? "Edit" : `Reply to ${replyTo?.from === who ? "yourself" : replyTo?.from}`}</b>${contentOf(about)}</span>
        <button class="icon-button small" type="button" aria-label="Leave it" onClick=${() => {
          if (editing) setText("");
          clear();
        }}><${Icon} name="close" size=${14} /></button></div>`}
      ${shows && menu.length > 0 && html`<${AccountMenu} items=${menu} tap=${choose} />`}
      <div class="composer-line">
        ${!recording &&
        html`<button class="icon-button add" type="button" aria-label="Send something else than text" onClick=${() => setAttaching(true)}><${Icon} name="plus" size=${20} /></button>
          ${menu.length > 0 && html`<button class="icon-button" type="button" aria-label="Menu of the account" aria-expanded=${shows} onClick=${() => setShows(!shows)}><${Icon} name="menu" size=${19} /></button>`}
          <textarea ref=${field} rows="1" maxlength="1000" placeholder="Message…" aria-label=${`Message to ${to}`} value=${text}
            onInput=${(/** @type {any} */ event) => {
              setText(event.currentTarget.value);
              type(event.currentTarget.value !== "");
            }} onKeyDown=${keys} onBlur=${() => type(false)}></textarea>`}
        ${text.trim() && !recording
          ? html`<button class="send" type="button" onClick=${write} aria-label="Send"><${Icon} name="send" size=${18} /></button>`
          : html`<${VoiceButton} to=${to} who=${who} recording=${recording} setRecording=${setRecording} />
              ${!recording && html`<button class="icon-button" type="button" aria-label="Send a heart" onClick=${() => attempt(() => play(who, "send", { to, like_heart: true }))}><${Icon} name="heart" size=${21} /></button>`}`}
      </div>
      ${attaching && html`<${AttachSheet} account=${account} who=${who} close=${() => setAttaching(false)} />`}
    </div>`;
}
