// Everything that exists.
import { sim } from "./sim.js";
import { createStore } from "./store.js";

/** @type {import("./store.js").Store<World | null>} */
export const world = createStore(/** @type {World | null} */ (null));

/** The world's time, as far ahead of this machine's as that was when it was last heard of. */
let ahead = 0;

/** @returns {number} the world's time in milliseconds */
export const worldNow = () => Date.now() + ahead;

export async function loadWorld() {
  /** @type {World} */
  const shown = await sim("GET", "/world");
  ahead = Date.parse(shown.clock.now) - Date.now();
  world.set(shown);
}

/**
 * The app, product and secret behind a delivery's endpoint.
 * @param {World | null} all
 * @param {string | undefined} endpoint
 */
export function productOf(all, endpoint) {
  for (const app of all?.apps ?? []) {
    const callback = app.callbacks.find((known) => known.endpoint === endpoint);
    if (callback) {
      const isInstagram = callback.login === "instagram";
      return {
        app,
        callback,
        secret: isInstagram ? app.instagram_app_secret : app.secret,
        secretName: isInstagram ? "the Instagram app secret" : "the app secret",
      };
    }
  }
  return null;
}

/**
 * The token by which a program would act for an account.
 * @param {Account} account
 */
export const tokenOf = (account) =>
  account.page_id && account.tokens.page ? account.tokens.page : account.tokens.instagram;

/**
 * What an account offers to people of a locale, as the app chooses it.
 * @param {Localized[]} all
 * @param {string} locale
 * @returns {any[]}
 */
export const forLocale = (all, locale) =>
  (all.find((entry) => entry.locale === locale) ?? all.find((entry) => entry.locale === "default"))?.call_to_actions ?? [];
