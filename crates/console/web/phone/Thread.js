// One conversation, as the person sees it.
import { html, useEffect, useLayoutEffect, useRef, useState } from "../html.js";
import { inbox, me, openThread } from "../state/inbox.js";
import { attempt } from "../state/notice.js";
import { play } from "../state/sim.js";
import { useStore } from "../state/store.js";
import { clockTime, dayOf } from "../state/time.js";
import { forLocale, world } from "../state/world.js";
import { Avatar } from "../shell/Avatar.js";
import { Icon } from "../shell/icons.js";
import { AccountSheet } from "./AccountSheet.js";
import { Composer } from "./Composer.js";
import { IceBreakers } from "./IceBreakers.js";
import { MessageRow } from "./MessageRow.js";
import { QuickReplies } from "./QuickReplies.js";
import { ThreadStart } from "./ThreadStart.js";

/** Between messages that are further apart than this the time is shown. */
const PAUSE = 3_600_000;

/** @param {{ account: string }} props */
export function Thread({ account: username }) {
  const all = useStore(world);
  const conversations = useStore(inbox);
  const who = useStore(me);
  const [replyTo, setReplyTo] = useState(/** @type {Message | null} */ (null));
  const [editing, setEditing] = useState(/** @type {Message | null} */ (null));
  const [showsAccount, setShowsAccount] = useState(false);
  const log = useRef(/** @type {HTMLElement | null} */ (null));
  const account = all?.accounts.find((known) => known.username === username);
  const conversation = conversations?.find((known) => known.with === username);
  const state = all?.conversations.find((known) => known.account === username && known.person === who);
  const messages = conversation?.messages ?? [];
  const last = messages[messages.length - 1];
  const locale = all?.people.find((person) => person.username === who)?.locale ?? "en_US";
  const questions = account && messages.length === 0 ? forLocale(account.ice_breakers, locale) : [];
  const menu = account ? forLocale(account.persistent_menu, locale) : [];
  const unseen = [...messages].reverse().find((message) => message.from !== who && !message.is_deleted);
  const lastSeen = [...messages].reverse().find((message) => message.from === who && message.seen);
  useLayoutEffect(() => {
    log.current?.scrollTo({ top: log.current.scrollHeight });
  }, [messages.length, conversation?.typing]);
  useEffect(() => {
    const place = log.current;
    if (!place) return;
    let atEnd = true;
    const scrolled = () => (atEnd = place.scrollHeight - place.scrollTop - place.clientHeight < 48);
    // A picture that comes after its message makes the thread longer; whoever looks at the end stays there.
    const loaded = () => atEnd && place.scrollTo({ top: place.scrollHeight });
    place.addEventListener("scroll", scrolled);
    place.addEventListener("load", loaded, true);
    return () => {
      place.removeEventListener("scroll", scrolled);
      place.removeEventListener("load", loaded, true);
    };
  }, []);
  useEffect(() => {
    // A message that is gone cannot be answered or changed.
    setReplyTo((/** @type {Message | null} */ now) => (now && messages.some((m) => m.mid === now.mid && !m.is_deleted) ? now : null));
  }, [messages]);
  if (!account) return null;
  return html`
    <div class="thread">
      <header class="screen-head">
        <button class="icon-button" type="button" aria-label="Back to the conversations" onClick=${() => openThread.set("")}><${Icon} name="back" size=${22} /></button>
        <button class="thread-who" type="button" onClick=${() => setShowsAccount(true)}>
          <span class="unseen">About</span>
          <${Avatar} name=${account.name} size=${34} business />
          <span><span class="thread-name">${account.name}</span><span class="thread-user">${username}</span></span>
        </button>
        ${conversation?.automated && html`<span class="badge">Automated</span>`}
      </header>
      <div class="log" role="log" aria-label=${`Messages with ${username}`} tabindex="0" ref=${log}>
        <${ThreadStart} account=${account} empty=${messages.length === 0} />
        ${questions.length > 0 && html`<${IceBreakers} questions=${questions} tap=${(/** @type {number} */ at) => attempt(() => play(who, "tap", { to: username, ice_breaker: at }))} />`}
        ${messages.map((message, at) => {
          const before = messages[at - 1];
          const apart = !before || Date.parse(message.timestamp) - Date.parse(before.timestamp) > PAUSE;
          return html`
            ${apart && html`<p class="log-time">${dayOf(message.timestamp)}, ${clockTime(message.timestamp)}</p>`}
            <${MessageRow} key=${message.mid} message=${message} account=${account} who=${who} messages=${messages}
              joins=${!apart && before?.from === message.from} reply=${() => setReplyTo(message)} edit=${() => setEditing(message)} />`;
        })}
        ${lastSeen && lastSeen === last && html`<p class="log-seen">Seen</p>`}
        ${conversation?.typing && html`<p class="typing" aria-label=${`${username} is typing`}><i></i><i></i><i></i></p>`}
        ${unseen &&
        !unseen.seen &&
        html`<button class="see" type="button" onClick=${() => attempt(() => play(who, "seen", { to: username }))}><${Icon} name="eye" size=${14} />Mark as seen</button>`}
      </div>
      ${last && last.from !== who && !last.is_deleted && last.quick_replies && html`<${QuickReplies} message=${last} who=${who} />`}
      ${state?.blocked
        ? html`<div class="blocked"><p>You have blocked this account.</p>
            <button class="button" type="button" onClick=${() => attempt(() => play(who, "unblock", { to: username }))}>Unblock</button></div>`
        : html`<${Composer} account=${account} who=${who} menu=${menu} replyTo=${replyTo} editing=${editing}
            clear=${() => {
              setReplyTo(null);
              setEditing(null);
            }} />`}
      ${showsAccount && html`<${AccountSheet} account=${account} who=${who} blocked=${state?.blocked ?? false} close=${() => setShowsAccount(false)} />`}
    </div>`;
}
