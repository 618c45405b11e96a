// The answers that the newest message offers.
import { html, useState } from "../html.js";
import { attempt } from "../state/notice.js";
import { play } from "../state/sim.js";

/** What the app fills in of the person's own, and what stands for it here. */
const OF_THE_PERSON = {
  user_phone_number: { words: "Your phone number", type: "tel", value: "+34600111222" },
  user_email: { words: "Your e-mail address", type: "email", value: "ana@example.com" },
};

/** @param {{ message: Message, who: string }} props */
export function QuickReplies({ message, who }) {
  const [busy, setBusy] = useState(false);
  const [asked, setAsked] = useState(-1);
  const replies = message.quick_replies ?? [];
  /** @param {QuickReply} reply */
  const ofPerson = (reply) => OF_THE_PERSON[/** @type {keyof typeof OF_THE_PERSON} */ (reply.content_type)];
  /** @param {number} at @param {string} [text] */
  const tap = async (at, text) => {
    setBusy(true);
    await attempt(() => play(who, "tap", { mid: message.mid, quick_reply: at, ...(text ? { text } : {}) }));
    setBusy(false);
    setAsked(-1);
  };
  const question = replies[asked] && ofPerson(replies[asked]);
  return html`
    <div class="quick-replies" role="group" aria-label="Quick replies">
      ${question
        ? html`<form class="sheet-form grow" onSubmit=${(/** @type {any} */ event) => {
            event.preventDefault();
            void tap(asked, event.currentTarget.elements.namedItem("text").value);
          }}><label class="field grow"><span>${question.words}</span><input name="text" required type=${question.type} defaultValue=${question.value} /></label>
            <button class="button primary" type="submit" disabled=${busy}>Send</button><button class="button" type="button" onClick=${() => setAsked(-1)}>Leave it</button></form>`
        : replies.map(
            (reply, at) => html`<button class="quick-reply" type="button" disabled=${busy} onClick=${() => (ofPerson(reply) ? setAsked(at) : tap(at))}>
              ${reply.title || ofPerson(reply)?.words || reply.content_type}</button>`,
          )}
    </div>`;
}
