// A trace in words.
import { THINGS } from "../phone/words.js";
import { world } from "../state/world.js";

/** @type {Record<string, string>} */
const ACTS = {
  react: "reacts",
  unreact: "takes a reaction back",
  unsend: "unsends a message",
  edit: "edits a message",
  seen: "has seen",
  typing: "types",
  follow: "follows",
  unfollow: "unfollows",
  block: "blocks",
  unblock: "unblocks",
  comment: "comments",
  mention: "mentions",
  engage: "engages",
};

/** @type {Record<string, string>} what an app does by an operation */
const OPERATIONS = {
  "POST account/messages": "calls the Send API",
  "GET account/conversations": "reads conversations",
  "GET conversation/messages": "reads messages",
  "GET conversation": "reads a conversation",
  "GET message": "reads a message",
  "GET person": "reads a profile",
  "POST account/message_attachments": "uploads a file",
  "POST account/messenger_profile": "sets the messenger profile",
  "GET account/messenger_profile": "reads the messenger profile",
  "DELETE account/messenger_profile": "removes from the messenger profile",
  "POST account/welcome_message_flows": "saves a welcome flow",
  "GET account/welcome_message_flows": "reads welcome flows",
  "DELETE account/welcome_message_flows": "deletes a welcome flow",
  "POST app/subscriptions": "sets a callback",
  "GET app/subscriptions": "reads its callback",
  "DELETE app/subscriptions": "removes a callback",
  "POST account/subscribed_apps": "subscribes to an account",
  "DELETE account/subscribed_apps": "unsubscribes from an account",
};

/** @type {Record<string, string>} what came of a call of the Send API */
const SENT = { message: "sends a message", reaction: "reacts", typing: "shows that it types", seen: "has seen" };

/** @type {Record<string, string>} what the sim makes or changes */
const MADE = { apps: "app", accounts: "account", people: "person", tokens: "token", ads: "ad", settings: "settings" };

/** @type {Record<string, string>} */
const CHANGES = { message: "writes", edit: "edits a message", unsend: "unsends a message", reaction: "reacts", seen: "has seen", typing: "types", referral: "comes by a link", flow_shown: "is shown a flow" };

/** @type {Record<string, string>} */
const ICONS = {
  send: "send",
  tap: "bolt",
  react: "heart",
  unreact: "heart",
  unsend: "trash",
  edit: "edit",
  seen: "eye",
  typing: "more",
  follow: "person",
  unfollow: "person",
  block: "cross",
  unblock: "check",
};

/** @param {Entry | null} head */
const parts = (head) => (head?.path ?? "").split("/").filter(Boolean).map(decodeURIComponent);

/** @param {Entry | null} head */
export function bodyOf(head) {
  try {
    return JSON.parse(head?.body ?? "") ?? {};
  } catch {
    return {};
  }
}

/** @param {Trace} trace */
export const isTyping = (trace) => trace.head?.type === "act" && parts(trace.head)[3] === "typing";

/** @param {Trace} trace */
export const isRefused = (trace) => (trace.head?.status ?? 200) >= 400;

/**
 * @param {Trace} trace
 * @returns {{ icon: string, who: string, does: string, what: string }}
 */
export function titleOf(trace) {
  const { head } = trace;
  if (!head) return ofChange(trace);
  if (head.type === "request") return ofRequest(trace, head);
  const [, kind, name = "", act = "", conversation, deed] = parts(head);
  const body = bodyOf(head);
  if (kind === "people" && act) {
    const what = describe(body) || trace.changes.find((change) => change.text)?.text || carried(trace);
    if (act === "send") return { icon: "send", who: name, does: `writes to ${body.to ?? "an account"}`, what };
    if (act === "tap") return { icon: "bolt", who: name, does: tapped(body), what: body.ref ?? what };
    const to = body.to ? ` ${body.to}` : "";
    return { icon: ICONS[act] ?? "person", who: name, does: `${ACTS[act] ?? act}${to}`, what: body.reaction ?? body.text ?? "" };
  }
  if (kind === "accounts" && act === "inbox") {
    return { icon: "shop", who: name, does: deed === "send" ? "writes in the app" : `${deed}s the conversation`, what: body.text ?? body.folder ?? conversation };
  }
  if (kind === "clock") return { icon: "clock", who: "Clock", does: clockMove(body), what: "" };
  if (kind === "reset") return { icon: "replay", who: "World", does: "made anew", what: "" };
  if (kind === "deliveries") return { icon: "replay", who: "Webhook", does: "sent again", what: "" };
  if (kind === "faults") return { icon: "bolt", who: "Faults", does: head.method === "DELETE" ? "removed" : "set", what: body.on ?? "" };
  if (kind === "apps" && act === "test") return { icon: "webhook", who: "Webhook", does: "of the Test button", what: body.field ?? "" };
  if (kind in MADE && !act) {
    return { icon: "world", who: "World", does: `${head.method === "POST" ? "new" : "changed:"} ${MADE[kind]}`, what: body.title ?? body.username ?? body.name ?? name };
  }
  return { icon: "world", who: "Sim", does: `${head.method} ${parts(head).slice(1).join("/")}`, what: body.username ?? body.name ?? "" };
}

/** @param {any} body */
function clockMove(body) {
  if (body.advance) return `advanced by ${body.advance}`;
  return body.reset ? "back to the real time" : `set to ${body.set}`;
}

/** @param {any} body */
function tapped(body) {
  if (body.ref !== undefined) return "opens an ig.me link";
  if (body.quick_reply !== undefined) return "taps a quick reply";
  if (body.button !== undefined) return "taps a button";
  if (body.ice_breaker !== undefined) return "taps an ice breaker";
  if (body.menu !== undefined) return "taps the menu";
  if (body.ad !== undefined) return "taps an ad";
  if (body.flow !== undefined) return "opens a welcome flow";
  return "taps";
}

/** @param {any} body */
function describe(body) {
  if (body.text) return body.text;
  if (body.like_heart) return "❤️";
  if (body.share) return "a shared post";
  if (body.story_mention) return "a story mention";
  if (body.attachments) return body.attachments.map((/** @type {any} */ one) => one.type).join(", ");
  if (body.unsupported) return "something unsupported";
  if (body.disappearing) return "a disappearing photo";
  return "";
}

/**
 * What a message carries besides text, in words.
 * @param {Trace} trace
 */
function carried(trace) {
  /** @type {string[]} */
  const kinds = trace.changes.find((change) => change.attachments)?.attachments ?? [];
  return kinds.map((kind) => THINGS[kind] ?? kind).join(", ");
}

/** @param {Trace} trace @param {Entry} head */
function ofRequest(trace, head) {
  const text = trace.changes.find((change) => change.text)?.text || carried(trace);
  const does = SENT[trace.changes[0]?.type ?? ""] ?? OPERATIONS[head.operation ?? ""];
  const path = `${head.method} ${shortPath(head.path)}`;
  return { icon: "app", who: "App", does: does ?? path, what: head.error ? words(head.error) : text || (does ? path : "") };
}

/** @param {Trace} trace */
function ofChange(trace) {
  const change = trace.changes[0];
  if (!change) return { icon: "webhook", who: "Webhook", does: "of an earlier act", what: Object.values(trace.deliveries)[0]?.topic ?? "" };
  const all = world.get();
  const account = all?.accounts.find((known) => known.id === change.account_id);
  const person = [...(all?.people ?? []), ...(all?.accounts ?? [])].find((known) => "igsids" in known && account && known.igsids[account.username] === change.igsid);
  const [from, to] = change.from === "account" ? [account?.username ?? "Account", person?.username] : [person?.username ?? "Person", account?.username];
  const does = CHANGES[change.type] ?? change.type;
  return { icon: change.type === "message" ? "send" : "database", who: from, does: to && change.type === "message" ? `${does} to ${to}` : does, what: change.text ?? change.reaction ?? "" };
}

/**
 * A name such as `WindowClosed` as words.
 * @param {string} name
 */
export const words = (name) => name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase().replace(/^./, (first) => first.toUpperCase());

/**
 * Long ids in a path, shortened.
 * @param {string} path
 */
export const shortPath = (path) => path.replace(/[A-Za-z0-9_-]{24,}/g, (id) => `${id.slice(0, 8)}…`).replace(/\d{13,}/g, (id) => `…${id.slice(-4)}`);
