// Who one is, and what that person sees.
import { sim } from "./sim.js";
import { createKeptStore, createStore } from "./store.js";
import { world } from "./world.js";

/** The username of the person whose phone this is. */
export const me = createKeptStore("person", "");
/** The account whose thread is open; empty: the list of conversations. */
export const openThread = createKeptStore("thread", /** @type {string | null} */ (null));

/** @type {import("./store.js").Store<Conversation[] | null>} */
export const inbox = createStore(/** @type {Conversation[] | null} */ (null));

/** People, and accounts, which are people too. */
export function everybody() {
  const all = world.get();
  return {
    people: all?.people ?? [],
    accounts: all?.accounts ?? [],
  };
}

/** Chooses somebody who exists, and at the first start the thread that a newcomer begins with. */
export function settle() {
  const { people, accounts } = everybody();
  const names = [...people, ...accounts].map((one) => one.username);
  if (!names.includes(me.get())) me.set(people[0]?.username ?? names[0] ?? "");
  if (openThread.get() === null || (openThread.get() && !accounts.some((a) => a.username === openThread.get()))) {
    openThread.set(accounts[0]?.username ?? "");
  }
}

/** @param {string} username */
export function become(username) {
  if (username === me.get()) return;
  inbox.set(null);
  me.set(username);
  openThread.set("");
  void loadInbox();
}

export async function loadInbox() {
  const who = me.get();
  if (!who) return;
  const shown = await sim("GET", `/people/${encodeURIComponent(who)}/inbox?limit=200`);
  if (who === me.get()) inbox.set(shown.conversations);
}
