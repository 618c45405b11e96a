// Whose profile or flows are shown.
import { html } from "../html.js";
import { createKeptStore, useStore } from "../state/store.js";

/** An account's username. */
export const shownAccount = createKeptStore("shown-account", "");

/**
 * The account that is shown: the one that was chosen, else the first.
 * @param {World} all
 */
export function useShownAccount(all) {
  const chosen = useStore(shownAccount);
  return all.accounts.find((account) => account.username === chosen) ?? all.accounts[0];
}

/** @param {{ all: World, account: Account }} props */
export const AccountChoice = ({ all, account }) => html`
  <label class="field"><span>Account</span>
    <select onChange=${(/** @type {any} */ event) => shownAccount.set(event.currentTarget.value)}>
      ${all.accounts.map((one) => html`<option value=${one.username} selected=${one === account}>${one.username}</option>`)}
    </select></label>`;
