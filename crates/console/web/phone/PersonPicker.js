// Whose phone it is.
import { html } from "../html.js";
import { become, me } from "../state/inbox.js";
import { useStore } from "../state/store.js";
import { world } from "../state/world.js";
import { Avatar } from "../shell/Avatar.js";
import { Icon } from "../shell/icons.js";

export function PersonPicker() {
  const all = useStore(world);
  const who = useStore(me);
  const people = all?.people ?? [];
  const accounts = all?.accounts ?? [];
  const name = [...people, ...accounts].find((one) => one.username === who)?.name ?? who;
  /** @param {{ username: string, name: string }} one */
  const option = (one) => html`<option value=${one.username} selected=${one.username === who}>${one.name} (${one.username})</option>`;
  return html`
    <div class="picker">
      <${Avatar} name=${name || "?"} url=${people.find((one) => one.username === who)?.picture} size=${34} />
      <div class="picker-text"><span class="picker-hint">You are</span><span class="picker-name">${name}</span></div>
      <label class="picker-choice" title="Be somebody else">
        <span class="unseen">Be somebody else</span>
        <select onChange=${(/** @type {any} */ event) => become(event.currentTarget.value)}>
          <optgroup label="People">${people.map(option)}</optgroup>
          <optgroup label="Accounts">${accounts.map(option)}</optgroup>
        </select>
        <span class="picker-word" aria-hidden="true">Change<${Icon} name="down" size=${14} /></span>
      </label>
    </div>`;
}
