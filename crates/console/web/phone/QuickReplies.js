// The answers that the newest message offers.
import { html, useState } from "../html.js";
import { attempt } from "../state/notice.js";
import { play } from "../state/sim.js";

/** @type {Record<string, string>} */
const FILLED_IN = { user_phone_number: "Your phone number", user_email: "Your e-mail address" };

/** @param {{ message: Message, who: string }} props */
export function QuickReplies({ message, who }) {
  const [busy, setBusy] = useState(false);
  /** @param {number} at */
  const tap = async (at) => {
    setBusy(true);
    await attempt(() => play(who, "tap", { mid: message.mid, quick_reply: at }));
    setBusy(false);
  };
  return html`
    <div class="quick-replies" role="group" aria-label="Quick replies">
      ${message.quick_replies?.map(
        (reply, at) => html`<button class="quick-reply" type="button" disabled=${busy} onClick=${() => tap(at)}>${reply.title ?? FILLED_IN[reply.content_type] ?? reply.content_type}</button>`,
      )}
    </div>`;
}
