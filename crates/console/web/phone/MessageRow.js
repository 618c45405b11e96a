// One message with what belongs to it: what it answers, its reactions, and what can be done with it.
import { html } from "../html.js";
import { wholeTime } from "../state/time.js";
import { Attached } from "./Attached.js";
import { MessageActions } from "./MessageActions.js";
import { Picture } from "./Picture.js";
import { contentOf } from "./words.js";

/** @param {{ message: Message, account: Account, who: string, messages: Message[], joins: boolean, reply: () => void, edit: () => void }} props */
export function MessageRow({ message, account, who, messages, joins, reply, edit }) {
  const mine = message.from === who;
  const answered = message.reply_to?.mid ? messages.find((known) => known.mid === message.reply_to?.mid) : null;
  return html`
    <div class="message" data-mine=${mine || undefined} data-joins=${joins || undefined} title=${wholeTime(message.timestamp)}>
      <span class="unseen">${mine ? "You" : message.from}:</span>
      ${message.reply_to?.mid &&
      html`<p class="answers"><span>${mine ? "You replied" : "Replied"}</span><q>${answered ? contentOf(answered) : "a message"}</q></p>`}
      ${message.reply_to?.story &&
      html`<div class="answers"><span>${mine ? "You replied to their story" : "Replied to a story"}</span><${Picture} url=${message.reply_to.url} words="Story" kind="story" /></div>`}
      <div class="message-line">
        <div class="message-body">
          ${message.is_deleted
            ? html`<p class="bubble gone">${mine ? "You unsent a message" : "Message unsent"}</p>`
            : html`
                ${message.attachments.map((attachment) => html`<${Attached} attachment=${attachment} message=${message} who=${who} />`)}
                ${message.text && html`<p class="bubble">${linked(message.text)}</p>`}
                ${message.is_unsupported && html`<p class="bubble gone">Something that the API has no form for</p>`}
              `}
        </div>
        ${!message.is_deleted && html`<${MessageActions} message=${message} account=${account} who=${who} mine=${mine} reply=${reply} edit=${edit} />`}
      </div>
      ${message.reactions.length > 0 &&
      html`<p class="reactions" aria-label=${message.reactions.map((r) => `${r.from === who ? "You" : r.from} reacted with ${r.emoji}`).join(", ")}>
        ${message.reactions.map((reaction) => html`<span>${reaction.emoji}</span>`)}</p>`}
      ${message.edited && html`<p class="message-note">Edited</p>`}
      ${message.sent_by === "owner" && html`<p class="message-note">Sent by the owner in the app</p>`}
    </div>`;
}

/**
 * A text with its web addresses as links.
 * @param {string} text
 */
function linked(text) {
  return text.split(/(https?:\/\/[^\s]+)/g).map((part, at) =>
    at % 2 === 1 ? html`<a href=${part} target="_blank" rel="noopener noreferrer">${part}</a>` : part,
  );
}
