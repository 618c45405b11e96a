// What was refused, or done, in one line at the bottom of the page.
import { createStore } from "./store.js";

/** @typedef {{ kind: "error" | "done", text: string, number: number }} Notice */

/** @type {import("./store.js").Store<Notice | null>} */
export const notice = createStore(/** @type {Notice | null} */ (null));

let number = 0;

/** @param {string} text */
export const tell = (text) => show("done", text);

/**
 * Does something, and tells of its failure.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T | undefined>}
 */
export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    show("error", error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

/**
 * @param {"error" | "done"} kind
 * @param {string} text
 */
function show(kind, text) {
  number += 1;
  const mine = number;
  notice.set({ kind, text, number: mine });
  setTimeout(() => notice.set((now) => (now?.number === mine ? null : now)), kind === "error" ? 8000 : 2500);
}
