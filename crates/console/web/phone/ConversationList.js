// The person's conversations, and the accounts that they could write to.
import { html } from "../html.js";
import { inbox, me, openThread } from "../state/inbox.js";
import { useStore } from "../state/store.js";
import { ago } from "../state/time.js";
import { world, worldNow } from "../state/world.js";
import { Avatar } from "../shell/Avatar.js";
import { Sponsored } from "./Sponsored.js";
import { lineOf } from "./words.js";

export function ConversationList() {
  const all = useStore(world);
  const conversations = useStore(inbox);
  const who = useStore(me);
  const accounts = all?.accounts ?? [];
  const others = accounts.filter((account) => !conversations?.some((known) => known.with === account.username));
  /** @param {string} username */
  const account = (username) => accounts.find((known) => known.username === username);
  return html`
    <div class="inbox">
      <header class="screen-head"><h2>${who}</h2></header>
      <div class="inbox-rows">
        ${accounts.flatMap((one) => one.ads.filter((ad) => ad.status === "ACTIVE").map((ad) => html`<${Sponsored} key=${ad.id} ad=${ad} account=${one} who=${who} />`))}
        ${conversations === null && html`<p class="hint pad" role="status">Loading…</p>`}
        ${conversations?.length === 0 && html`<p class="hint pad">No conversations yet. Write to an account below.</p>`}
        ${conversations && conversations.length > 0 && html`<h3 class="label pad">Messages</h3>`}
        ${conversations?.map((conversation) => {
          const last = conversation.messages[conversation.messages.length - 1];
          const unread = last && last.from !== who && !last.seen;
          return html`
            <button class="inbox-row" type="button" data-unread=${unread || undefined} onClick=${() => openThread.set(conversation.with)}>
              <${Avatar} name=${account(conversation.with)?.name ?? conversation.with} size=${48} business />
              <span class="inbox-text">
                <span class="inbox-name">${conversation.with}</span>
                <span class="inbox-last">${conversation.typing ? "Typing…" : last ? lineOf(last, who) : "No messages yet"}
                  ${last && html`<span class="inbox-ago"> · ${ago(last.timestamp, worldNow())}</span>`}</span>
              </span>
              ${unread && html`<span class="unread-dot"><span class="unseen">unread</span></span>`}
            </button>`;
        })}
        ${others.length > 0 && html`<h3 class="label pad">Accounts to write to</h3>`}
        ${others.map(
          (other) => html`
            <button class="inbox-row" type="button" onClick=${() => openThread.set(other.username)}>
              <${Avatar} name=${other.name} size=${48} business />
              <span class="inbox-text"><span class="inbox-name">${other.username}</span><span class="inbox-last">${other.name}</span></span>
            </button>`,
        )}
      </div>
    </div>`;
}
