// What goes wrong on purpose.
import { html, useEffect, useState } from "../html.js";
import { attempt, tell } from "../state/notice.js";
import { sim } from "../state/sim.js";
import { useStore } from "../state/store.js";
import { traces } from "../state/traces.js";
import { Form } from "../shell/Form.js";
import { Panel, Section } from "./Section.js";

/** @type {{ name: string, about: string, fault: object }[]} */
const PRESETS = [
  { name: "Rate limit", about: "The next three sends are refused: 613.", fault: { on: "POST /*/messages", error: 613, times: 3 } },
  { name: "Lost answer", about: "The next send is done, but answered 500.", fault: { on: "POST /*/messages", error: 2, apply: "after", times: 1 } },
  { name: "Dead token", about: "Every call answers 190.", fault: { name: "token_death" } },
  { name: "Slow answers", about: "Answers to sends take 10 seconds.", fault: { on: "POST /*/messages", latency: "10s" } },
  { name: "Outage", about: "Every call fails, as for a blocked app.", fault: { name: "outage" } },
  { name: "Receiver down", about: "Every webhook counts as answered 503.", fault: { name: "receiver_down" } },
  { name: "Lost webhooks", about: "One in ten is never sent.", fault: { on: "webhook", drop: 0.1 } },
  { name: "Twice", about: "Every webhook comes twice.", fault: { on: "webhook", duplicate: 1 } },
  { name: "Out of order", about: "The next event of a conversation comes first.", fault: { on: "webhook", reorder: 1 } },
  { name: "Bad signature", about: "The next webhook is signed with a wrong secret.", fault: { on: "webhook", bad_signature: 1, times: 1 } },
  { name: "Phantom edit", about: "An edit without text beside each new message.", fault: { on: "webhook", phantom_edit: "after" } },
  { name: "Missing files", about: "Pictures and files answer 404.", fault: { on: "file", status: 404 } },
];

export function Faults() {
  const [faults, setFaults] = useState(/** @type {any[] | null} */ (null));
  const [draft, setDraft] = useState(JSON.stringify(PRESETS[0].fault, null, 2));
  const happened = useStore(traces);
  const load = () => sim("GET", "/faults").then((shown) => setFaults(shown.faults));
  // What strikes is counted, and what has struck its times is gone.
  useEffect(() => void attempt(load), [happened]);
  const set = async () => {
    /** @type {object} */
    let fault;
    try {
      fault = JSON.parse(draft);
    } catch (error) {
      throw new Error(`That is no JSON: ${error instanceof Error ? error.message : error}`);
    }
    await sim("POST", "/faults", fault);
    await load();
  };
  /** @param {string} path @param {string} words */
  const remove = (path, words) =>
    attempt(async () => {
      await sim("DELETE", `/faults${path}`);
      await load();
      tell(words);
    });
  return html`
    <${Section} title="Faults" about="What goes wrong at the real service, on purpose: test that your program survives it. Each strike shows in the wire.">
      <${Panel} head=${html`<h3>Set a fault</h3>`}>
        <div class="panel-body">
          <div class="presets" role="group" aria-label="Faults to begin with">
            ${PRESETS.map(({ name, about, fault }) => html`<button class="preset" type="button" aria-pressed=${draft === JSON.stringify(fault, null, 2)} onClick=${() => setDraft(JSON.stringify(fault, null, 2))}><b>${name}</b><span class="hint">${about}</span></button>`)}
          </div>
          <${Form} action="Set it" done="The fault is set." label="Set a fault" submit=${set}>
            <label class="field"><span>The fault (docs/sandbox.md has all that it can say)</span>
              <textarea class="mono" rows="6" spellcheck=${false} value=${draft} onInput=${(/** @type {any} */ event) => setDraft(event.currentTarget.value)}></textarea></label>
          </${Form}>
        </div>
      </${Panel}>
      <${Panel} head=${html`<h3>Set now</h3><span class="spacer"></span>
        ${faults && faults.length > 0 && html`<button class="button small danger" type="button" onClick=${() => remove("", "All faults are removed.")}>Remove all</button>`}`}>
        ${faults?.length
          ? html`<ul class="list">${faults.map((fault) => html`<li key=${fault.id}>
              <span class="list-words"><b>${fault.name ?? fault.on}</b><code class="hint">${said(fault)}</code></span>
              <span class="badge ${fault.struck ? "warn" : ""}">struck ${fault.struck ?? 0}</span>
              <button class="button small danger" type="button" aria-label=${`Remove the fault ${fault.id}`} onClick=${() => remove(`/${fault.id}`, "The fault is removed.")}>Remove</button></li>`)}</ul>`
          : html`<div class="panel-body"><p class="hint">None: everything works.</p></div>`}
      </${Panel}>
    </${Section}>`;
}

/** @param {any} fault */
function said({ id, struck, ...rest }) {
  const set = Object.entries(rest).filter(([, value]) => value !== null && value !== undefined);
  return JSON.stringify(Object.fromEntries(set));
}
