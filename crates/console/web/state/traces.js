// The feed's entries, put together into one trace for each request or act.
import { createStore } from "./store.js";

/** @type {import("./store.js").Store<Trace[]>} the newest first */
export const traces = createStore(/** @type {Trace[]} */ ([]));
/** The id of the trace that is looked at. */
export const selected = createStore(/** @type {string | null} */ (null));

/** Older ones are forgotten. */
const MOST = 400;
let counted = 0;

/** @type {Map<string, Trace>} */
const byId = new Map();
/** @type {Map<string, Trace>} by the names of webhook events */
const byEvent = new Map();

export function forgetTraces() {
  byId.clear();
  byEvent.clear();
  traces.set([]);
  selected.set(null);
}

/** @param {Entry[]} entries in the feed's order */
export function absorb(entries) {
  for (const entry of entries) put(entry);
  const all = [...byId.values()].sort((a, b) => b.order - a.order);
  for (const old of all.splice(MOST)) {
    byId.delete(old.id);
    for (const event of old.events) byEvent.delete(event);
  }
  traces.set(all);
}

/** @param {Entry} entry */
function put(entry) {
  const trace = home(entry);
  trace.touched += 1;
  if (entry.event && typeof entry.event === "string") {
    adopt(trace, byEvent.get(entry.event));
    if (!trace.events.includes(entry.event)) trace.events.push(entry.event);
    byEvent.set(entry.event, trace);
  }
  switch (entry.type) {
    case "act":
    case "request":
      trace.head = entry;
      break;
    case "handshake":
      trace.handshakes.push(entry);
      break;
    case "delivery":
      if (entry.id) trace.deliveries[entry.id] = entry;
      else trace.suppressed.push(entry);
      break;
    case "clock":
    case "reset":
      break;
    default:
      trace.changes.push(entry);
  }
}

/**
 * A webhook can be answered before the feed tells what it is of. What stood alone until then belongs to it.
 * @param {Trace} trace
 * @param {Trace | undefined} orphan
 */
function adopt(trace, orphan) {
  if (!orphan || orphan.id === trace.id || orphan.head) return;
  Object.assign(trace.deliveries, orphan.deliveries);
  byId.delete(orphan.id);
  if (selected.get() === orphan.id) selected.set(trace.id);
}

/**
 * The trace that an entry belongs to; a new one if it belongs to none that is known.
 * @param {Entry} entry
 */
function home(entry) {
  if (entry.cause) return known(`c${entry.cause}`, entry);
  if (entry.type === "delivery" && entry.id) {
    const event = eventOf(entry.id);
    const trace = byEvent.get(event);
    if (trace) return known(trace.id, entry);
    const made = known(`e${event}`, entry);
    if (!made.events.includes(event)) made.events.push(event);
    byEvent.set(event, made);
    return made;
  }
  return known(`n${entry.cursor}`, entry);
}

/**
 * The event's name in a delivery's id, which begins with the endpoint.
 * @param {string} id
 */
export const eventOf = (id) => id.slice(id.indexOf(".") + 1);

/**
 * @param {string} id
 * @param {Entry} entry
 * @returns {Trace}
 */
function known(id, entry) {
  const found = byId.get(id);
  if (found) {
    // A trace is a new value when it grows, so that what shows it notices.
    const grown = { ...found };
    byId.set(id, grown);
    for (const event of grown.events) byEvent.set(event, grown);
    return grown;
  }
  /** @type {Trace} */
  const made = {
    id,
    at: entry.at,
    order: (counted += 1),
    head: null,
    changes: [],
    handshakes: [],
    deliveries: {},
    suppressed: [],
    events: [],
    touched: 0,
  };
  byId.set(id, made);
  return made;
}

/** @param {Trace} trace */
export function outcome(trace) {
  const states = [...Object.values(trace.deliveries), ...trace.suppressed].map((entry) => entry.state);
  if (states.includes("failed") || states.includes("dead")) return "failed";
  if (states.includes("delivered")) return "delivered";
  if (states.includes("suppressed")) return "suppressed";
  return null;
}
