// What a newcomer does first: each step can be done here, and ticks itself off.
import { html, useState } from "../html.js";
import { me, openThread } from "../state/inbox.js";
import { attempt, tell } from "../state/notice.js";
import { graph, play } from "../state/sim.js";
import { createKeptStore, useStore } from "../state/store.js";
import { traces } from "../state/traces.js";
import { setCallback } from "../state/callbacks.js";
import { tokenOf, world } from "../state/world.js";
import { CopyButton } from "../shell/CopyButton.js";
import { Icon } from "../shell/icons.js";
import { moveClock } from "../shell/ClockChip.js";
import { Code } from "./Code.js";
import { sendCurl } from "./curl.js";

/** Whether the steps were put away. */
export const putAway = createKeptStore("first-steps-put-away", false);

export function FirstSteps() {
  const all = useStore(world);
  const happened = useStore(traces);
  const who = useStore(me);
  const thread = useStore(openThread);
  const person = all?.people.find((one) => one.username === who) ?? all?.people[0];
  const account = all?.accounts.find((one) => one.username === thread) ?? all?.accounts[0];
  if (!all || !person || !account) return null;
  const igsid = person.igsids[account.username];
  const token = tokenOf(account);
  const wrote = happened.some((trace) => trace.head?.type === "act" && trace.head.path.endsWith("/send") && trace.head.status < 400);
  const answered = happened.some((trace) => trace.head?.operation === "POST account/messages" && trace.head.status < 400);
  const hears = all.apps.some((app) => app.callbacks.length > 0);
  const moved = happened.some((trace) => trace.head?.path === "/sim/clock");
  const write = async () => {
    me.set(person.username);
    openThread.set(account.username);
    await attempt(() => play(person.username, "send", { to: account.username, text: "Hi! Is the blue mug still there?" }));
  };
  const answer = () =>
    attempt(() => graph("POST", "/v25.0/me/messages", token, { recipient: { id: igsid }, message: { text: "It is! Shall I keep one for you?" } }));
  const done = [wrote, answered, hears, moved];
  const next = done.indexOf(false);
  /** @param {number} at @param {string} title @param {any} body */
  const step = (at, title, body) => html`
    <li class="first-step" data-done=${done[at] || undefined} data-next=${at === next || undefined}>
      <span class="first-number" aria-hidden="true">${done[at] ? html`<${Icon} name="check" size=${16} />` : at + 1}</span>
      <div class="first-body"><h3>${title}${done[at] && html`<span class="unseen"> (done)</span>`}</h3>${body}</div>
    </li>`;
  return html`
    <section class="first" aria-label="First steps">
      <header>
        <h2>${next < 0 ? "You have seen it all work" : "From a first message to your webhook"}</h2>
        <p class="hint">The phone is ${person.name}’s, a customer. Your program is the other side, over the same API as at Instagram. Each act is traced in the wire: select one to see what followed from it.</p>
      </header>
      <ol class="first-steps">
        ${step(0, `Write to ${account.username} as ${person.name}`, html`
          <p class="hint">Type into the phone, or let it be done:</p>
          <div class="row wrap"><button class="button" data-primary=${next === 0 || undefined} type="button" onClick=${write}><${Icon} name="send" size=${15} />Send a first message</button></div>`)}
        ${step(1, "Answer as your program would", html`
          <p class="hint">The same request goes to ${account.page_id ? "graph.facebook.com" : "graph.instagram.com"} in production. The token is this sandbox’s.</p>
          <${Code} label="The answer as a command" text=${sendCurl(account, igsid)} />
          <div class="row wrap"><button class="button" data-primary=${next === 1 || undefined} type="button" onClick=${answer}><${Icon} name="send" size=${15} />Send the answer</button>
            <${CopyButton} text=${() => sendCurl(account, igsid)} label="Copy the command" words="Copy the command" /></div>`)}
        ${step(2, "Hear of messages at your webhook", html`<${FirstCallback} account=${account} isNext=${next === 2} />`)}
        ${step(3, "Let 25 hours pass", html`
          <p class="hint">The 24-hour window shuts: an answer is then refused with the error that production gives.</p>
          <div class="row wrap"><button class="button" data-primary=${next === 3 || undefined} type="button" onClick=${() => moveClock({ advance: "25h" })}><${Icon} name="clock" size=${15} />Move the clock by 25 hours</button>
            ${all.clock.offset_ms !== 0 && html`<button class="button" type="button" onClick=${() => moveClock({ reset: true })}>Back to the real time</button>`}</div>`)}
      </ol>
      <div class="row wrap">
        <button class="button small" type="button" onClick=${() => putAway.set(true)}>Put these steps away</button>
        <span class="hint">They are in World, under Clock and settings, when you want them back.</span>
      </div>
    </section>`;
}

/** @param {{ account: Account, isNext: boolean }} props */
function FirstCallback({ account, isNext }) {
  const all = useStore(world);
  const [url, setUrl] = useState("http://127.0.0.1:3000/webhook");
  const [busy, setBusy] = useState(false);
  const app = all?.apps[0];
  if (!app) return null;
  const login = account.page_id ? "facebook" : "instagram";
  /** @param {Event} event */
  const submit = async (event) => {
    event.preventDefault();
    setBusy(true);
    const set = await attempt(() => setCallback(app, login, { callback_url: url, verify_token: app.verify_token }));
    if (set) tell("The callback is set: what happens is sent there.");
    setBusy(false);
  };
  return html`
    <p class="hint">Your endpoint is asked first whether it knows the verify token <code>${app.verify_token}</code>; <code>examples/echo.py</code> is such an endpoint.</p>
    <form class="first-callback" onSubmit=${submit}>
      <label class="field"><span>Callback URL</span><input type="url" required value=${url} onInput=${(/** @type {any} */ event) => setUrl(event.currentTarget.value)} /></label>
      <button class="button" data-primary=${isNext || undefined} type="submit" disabled=${busy}><${Icon} name="webhook" size=${15} />Set the callback</button>
    </form>
    <p class="hint">Fields, a test, and the handshake in full are under <a href="#/world/apps">Apps and webhooks</a>.</p>`;
}

/** In place of the steps, when they were put away. */
export const NothingChosen = () => html`
  <div class="choose"><${Icon} name="wire" size=${30} /><p>Select a trace to see its request, the rules’ decisions, what changed, and each webhook.</p></div>`;
