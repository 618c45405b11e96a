// An account's page, as far as it matters here: follow and block, and where the conversation stands.
import { html } from "../html.js";
import { attempt } from "../state/notice.js";
import { play } from "../state/sim.js";
import { useStore } from "../state/store.js";
import { clockTime, dayOf, span } from "../state/time.js";
import { world, worldNow } from "../state/world.js";
import { Avatar } from "../shell/Avatar.js";
import { Secret } from "../shell/Secret.js";
import { Sheet } from "../shell/Sheet.js";

/** @param {{ account: Account, who: string, blocked: boolean, close: () => void }} props */
export function AccountSheet({ account, who, blocked, close }) {
  const all = useStore(world);
  const person = all?.people.find((known) => known.username === who);
  const state = all?.conversations.find((known) => known.account === account.username && known.person === who);
  const follows = person?.follows.includes(account.username) ?? false;
  const to = account.username;
  const until = state?.window_until ? Date.parse(state.window_until) : 0;
  const left = until - worldNow();
  return html`
    <${Sheet} title=${account.username} close=${close}>
      <div class="about">
        <${Avatar} name=${account.name} size=${64} business />
        <p class="thread-start-name">${account.name}</p>
      </div>
      <div class="row">
        <button class="button grow" data-primary=${!follows || undefined} type="button" disabled=${!person} onClick=${() => attempt(() => play(who, follows ? "unfollow" : "follow", { to }))}>${follows ? "Unfollow" : "Follow"}</button>
        <button class="button grow danger" type="button" onClick=${() => attempt(() => play(who, blocked ? "unblock" : "block", { to }))}>${blocked ? "Unblock" : "Block"}</button>
      </div>
      <dl class="facts">
        <div><dt>Window</dt><dd>${until === 0 ? "not open: nothing was written yet" : left > 0 ? `open for ${span(left)}, until ${dayOf(until)}, ${clockTime(until)}` : `shut for ${span(left)}`}</dd></div>
        <div><dt>Folder</dt><dd>${state?.folder ?? "none yet"}</dd></div>
        ${person && html`<div><dt>Known as</dt><dd><${Secret} text=${person.igsids[to]} label="the IGSID" /></dd></div>`}
        ${state && html`<div><dt>Conversation</dt><dd><${Secret} text=${state.id} label="the conversation's id" /></dd></div>`}
      </dl>
    </${Sheet}>`;
}
