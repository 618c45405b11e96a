// What a person can do with a message: react, answer, edit, unsend.
import { html, useEffect, useLayoutEffect, useRef, useState } from "../html.js";
import { attempt, tell } from "../state/notice.js";
import { play } from "../state/sim.js";
import { copy } from "../shell/CopyButton.js";
import { Icon } from "../shell/icons.js";
import { contentOf } from "./words.js";

const EMOJI = ["❤️", "😂", "😮", "😢", "😡", "👍"];

/** @param {{ message: Message, account: Account, who: string, mine: boolean, reply: () => void, edit: () => void }} props */
export function MessageActions({ message, who, mine, reply, edit }) {
  const [open, setOpen] = useState(false);
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const { mid } = message;
  const reacted = message.reactions.find((reaction) => reaction.from === who)?.emoji;
  useLayoutEffect(() => {
    if (!open) return;
    // It opens above its button, or where there is room for it.
    const menu = /** @type {HTMLElement | null | undefined} */ (place.current?.querySelector(".menu"));
    const area = place.current?.closest(".log")?.getBoundingClientRect();
    if (!menu || !area) return;
    let box = menu.getBoundingClientRect();
    if (box.top < area.top + 4) menu.dataset.below = "";
    box = menu.getBoundingClientRect();
    const right = Math.max(0, area.left + 8 - box.left);
    const left = Math.max(0, box.right - (area.right - 8));
    menu.style.translate = `${right - left}px 0`;
    if (box.bottom > area.bottom) menu.scrollIntoView({ block: "nearest" });
  }, [open]);
  useEffect(() => {
    if (!open) return;
    /** @type {HTMLElement | null | undefined} */ (place.current?.querySelector(".menu button"))?.focus();
    /** @param {Event} event */
    const elsewhere = (event) => {
      if (!place.current?.contains(/** @type {Node} */ (event.target))) setOpen(false);
    };
    document.addEventListener("pointerdown", elsewhere);
    return () => document.removeEventListener("pointerdown", elsewhere);
  }, [open]);
  /** @param {() => unknown} work */
  const run = (work) => () => {
    setOpen(false);
    work();
  };
  /** @param {string} emoji */
  const react = (emoji) =>
    attempt(() => (emoji === reacted ? play(who, "unreact", { mid }) : play(who, "react", { mid, reaction: emoji })));
  /** @param {KeyboardEvent} event */
  const keys = (event) => {
    if (event.key !== "Escape" || !open) return;
    event.stopPropagation();
    setOpen(false);
    /** @type {HTMLElement | null | undefined} */ (place.current?.querySelector(".message-more"))?.focus();
  };
  return html`
    <div class="message-actions" ref=${place} data-open=${open || undefined} onKeyDown=${keys}>
      <button class="icon-button small message-more" type="button" aria-expanded=${open}
        aria-label=${`Actions for “${contentOf(message)}”`} onClick=${() => setOpen(!open)}><${Icon} name="more" size=${16} /></button>
      ${open &&
      html`
        <div class="menu" role="group" aria-label="Actions">
          <div class="menu-emoji">
            ${EMOJI.map((emoji) => html`<button type="button" aria-pressed=${emoji === reacted} aria-label=${`React with ${emoji}`} onClick=${run(() => react(emoji))}>${emoji}</button>`)}
          </div>
          <button type="button" onClick=${run(reply)}><${Icon} name="reply" size=${16} />Reply</button>
          ${mine && message.text && html`<button type="button" onClick=${run(edit)}><${Icon} name="edit" size=${16} />Edit</button>`}
          ${mine && html`<button type="button" onClick=${run(() => attempt(() => play(who, "unsend", { mid })))}><${Icon} name="trash" size=${16} />Unsend</button>`}
          ${!mine && html`<button type="button" onClick=${run(() => attempt(() => play(who, "seen", { mid })))}><${Icon} name="eye" size=${16} />Seen up to here</button>`}
          <button type="button" onClick=${run(async () => { await copy(mid); tell("The mid was copied."); })}><${Icon} name="copy" size=${16} />Copy the mid</button>
        </div>`}
    </div>`;
}
