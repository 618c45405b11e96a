// What happens, as it happens: the sim's feed as server-sent events. Read with fetch and not with EventSource, which
// could not show the sim's token.
import { inbox, loadInbox, me, settle } from "./inbox.js";
import { sim, simHeaders } from "./sim.js";
import { createStore } from "./store.js";
import { absorb, forgetTraces } from "./traces.js";
import { loadWorld } from "./world.js";

/** `live`, or why not. */
export const connection = createStore(/** @type {"connecting" | "live" | "lost"} */ ("connecting"));

/** So many entries from before the page was opened are shown. */
const PAST = 400n;

let stream = new AbortController();
let cursor = "";
let began = false;

/** Starts listening, for as long as the page is open. */
export async function listen() {
  if (began) return;
  began = true;
  for (;;) {
    try {
      await refresh();
      if (cursor === "") {
        const { cursor: newest } = await sim("GET", "/events?after=newest");
        const from = BigInt(newest) - PAST;
        cursor = String(from > 0n ? from : 0n);
      }
      await read();
    } catch {
      // Tried again below.
    }
    connection.set("lost");
    await pause(1000);
  }
}

/** Loads everything anew. */
export async function refresh() {
  await loadWorld();
  settle();
  await loadInbox();
}

/** @param {number} milliseconds */
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function read() {
  const headers = { ...simHeaders(), Accept: "text/event-stream" };
  stream = new AbortController();
  const answer = await fetch(`/sim/events?after=${cursor}`, { headers, signal: stream.signal });
  if (!answer.ok || !answer.body) return;
  connection.set("live");
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value;
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    const entries = blocks.flatMap(entriesOf);
    if (entries.length > 0) take(entries);
  }
}

/**
 * @param {string} block
 * @returns {Entry[]}
 */
function entriesOf(block) {
  const data = block.split("\n").filter((line) => line.startsWith("data:"));
  return data.length === 0 ? [] : [JSON.parse(data.map((line) => line.slice(5)).join("\n"))];
}

/** @param {Entry[]} entries */
function take(entries) {
  cursor = entries[entries.length - 1].cursor;
  const reset = entries.findLastIndex((entry) => entry.type === "reset");
  if (reset >= 0) forgetTraces();
  absorb(entries.slice(Math.max(reset, 0)));
  // Everything but a delivery may have changed what is shown; messages above all.
  if (entries.some((entry) => entry.type !== "delivery")) soon();
}

let waiting = false;
/** How long the last loading took, in milliseconds. */
let took = 0;

/** Loads what may have changed: once for many entries, and in a large world not more than half of the time. */
function soon() {
  if (waiting) return;
  waiting = true;
  setTimeout(async () => {
    waiting = false;
    const began = performance.now();
    // What does not answer is connected to anew.
    await refresh().catch(() => stream.abort());
    took = performance.now() - began;
  }, Math.max(40, took * 2));
}

// Who has no network is told at once, and not when something happens next.
addEventListener("offline", () => stream.abort());

/** What another person sees is not what this one saw. */
me.listen(() => inbox.set(null));
