// Which part of the console is shown: the page's fragment.
import { createStore } from "./store.js";

/** @typedef {{ part: "phone" | "wire" | "world", section: string }} Route */

/** @returns {Route} */
function read() {
  const [part, section = ""] = location.hash.replace(/^#\/?/, "").split("/");
  return { part: part === "wire" || part === "world" ? part : "phone", section };
}

export const route = createStore(read());
addEventListener("hashchange", () => route.set(read()));

/** @param {string} to such as `world/apps` */
export function go(to) {
  location.hash = `#/${to}`;
}
