// Callbacks of apps, and subscriptions to accounts: set over the Graph API, as a program does.
import { graph } from "./sim.js";
import { loadWorld } from "./world.js";

/** The messaging fields of an app's callback, and of a subscription over Instagram Login. */
export const FIELDS = [
  "messages",
  "messaging_postbacks",
  "messaging_seen",
  "messaging_referral",
  "message_reactions",
  "message_edit",
  "messaging_handover",
  "messaging_optins",
  "standby",
];

/** What a page calls them. */
export const PAGE_FIELDS = [
  "messages",
  "messaging_postbacks",
  "message_reads",
  "messaging_referrals",
  "message_reactions",
  "message_edits",
  "messaging_handovers",
  "messaging_optins",
  "standby",
];

const VERSION = "/v25.0";

/**
 * The id of the product of an app that serves a login.
 * @param {App} app
 * @param {"instagram" | "facebook"} login
 */
export const productId = (app, login) => (login === "instagram" ? app.instagram_app_id : app.id);

/**
 * Sets a callback; the handshake runs.
 * @param {App} app
 * @param {"instagram" | "facebook"} login
 * @param {{ callback_url: string, verify_token: string, fields?: string }} callback without `fields`, those set before or all
 */
export async function setCallback(app, login, callback) {
  const set = await graph("POST", `${VERSION}/${productId(app, login)}/subscriptions`, app.app_access_token, {
    object: "instagram",
    ...callback,
  });
  await loadWorld();
  return set;
}

/**
 * @param {App} app
 * @param {"instagram" | "facebook"} login
 */
export async function removeCallback(app, login) {
  const removed = await graph("DELETE", `${VERSION}/${productId(app, login)}/subscriptions`, app.app_access_token, { object: "instagram" });
  await loadWorld();
  return removed;
}

/**
 * Subscribes an app to an account, with that app's token for it.
 * @param {Account} account
 * @param {string} token
 * @param {"instagram" | "facebook"} login
 * @param {string} fields
 */
export async function subscribe(account, token, login, fields) {
  const node = login === "facebook" ? account.page_id : "me";
  const done = await graph("POST", `${VERSION}/${node}/subscribed_apps`, token, { subscribed_fields: fields });
  await loadWorld();
  return done;
}

/**
 * @param {Account} account
 * @param {string} token
 * @param {"instagram" | "facebook"} login
 */
export async function unsubscribe(account, token, login) {
  const node = login === "facebook" ? account.page_id : "me";
  const done = await graph("DELETE", `${VERSION}/${node}/subscribed_apps`, token);
  await loadWorld();
  return done;
}
