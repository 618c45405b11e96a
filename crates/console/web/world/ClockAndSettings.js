// The world's time, its settings, and the world anew.
import { html, useState } from "../html.js";
import { refresh } from "../state/feed.js";
import { attempt, tell } from "../state/notice.js";
import { sim } from "../state/sim.js";
import { useStore } from "../state/store.js";
import { span, wholeTime } from "../state/time.js";
import { loadWorld, worldNow } from "../state/world.js";
import { moveClock } from "../shell/ClockChip.js";
import { Form, Switch, TextField } from "../shell/Form.js";
import { putAway } from "../wire/FirstSteps.js";
import { Panel, Section } from "./Section.js";

const STEPS = ["1h", "23h", "25h", "7d", "60d"];

/** @type {Record<string, string>} */
const WORDS = {
  webhook_batch: "Most webhook events in one POST",
  webhook_switch_off: "An endpoint that fails for an hour is switched off",
  ad_window_days: "Days for which an ad’s first message opens the window",
  rate_limits: "Rate limits",
};

/** @param {{ all: World }} props */
export function ClockAndSettings({ all }) {
  const { offset_ms: offset } = all.clock;
  /** @param {object} body */
  const change = async (body) => {
    await sim("PATCH", "/settings", body);
    await loadWorld();
  };
  const settings = Object.entries(all.settings);
  const numbers = settings.filter(([, value]) => typeof value === "number");
  return html`
    <${Section} title="Clock and settings" about="Windows, links, retries and tokens live on the world’s time. It runs as fast as yours; move it to see what falls due.">
      <${Panel} head=${html`<h3>Clock</h3>`}>
        <div class="panel-body">
          <p><span class="now">${wholeTime(worldNow())}</span><br /><span class="hint">${Math.abs(offset) < 1000 ? "The real time" : `${span(offset)} ${offset > 0 ? "ahead of" : "behind"} the real time`}</span></p>
          <div class="row wrap">${STEPS.map((step) => html`<button class="button" type="button" onClick=${() => moveClock({ advance: step })}>+${step}</button>`)}
            <button class="button" type="button" disabled=${Math.abs(offset) < 1000} onClick=${() => moveClock({ reset: true })}>Back to the real time</button></div>
          <div class="columns">
            <${Form} action="Move" primary=${false} label="Move the clock by a span" submit=${(/** @type {Record<string, string>} */ { advance }) => sim("POST", "/clock", { advance }).then(loadWorld)}>
              <${TextField} name="advance" label="By a span, such as 90m or 3d" required /></${Form}>
            <${Form} action="Set" primary=${false} label="Set the clock" submit=${(/** @type {Record<string, string>} */ { set }) => sim("POST", "/clock", { set: new Date(set).toISOString() }).then(loadWorld)}>
              <${TextField} name="set" label="To a moment, in your time zone" type="datetime-local" required /></${Form}>
          </div>
        </div>
      </${Panel}>
      <${Panel} head=${html`<h3>Settings</h3>`}>
        <div class="panel-body">
          ${settings.filter(([, value]) => typeof value === "boolean").map(([name, value]) => html`<${Switch} label=${WORDS[name] ?? name} hint=${name} on=${value} change=${(/** @type {boolean} */ on) => attempt(() => change({ [name]: on }))} />`)}
          ${numbers.length > 0 &&
          html`<${Form} action="Save" primary=${false} done="The settings are changed." label="Settings" submit=${(/** @type {Record<string, string>} */ values) => change(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)])))}>
            <div class="form-fields">${numbers.map(([name, value]) => html`<${TextField} name=${name} label=${WORDS[name] ?? name} type="number" required value=${value} />`)}</div></${Form}>`}
          <${FirstStepsSwitch} />
        </div>
      </${Panel}>
      <${Reset} />
    </${Section}>`;
}

function FirstStepsSwitch() {
  const away = useStore(putAway);
  return html`<${Switch} label="Show the first steps in the wire" on=${!away} change=${(/** @type {boolean} */ on) => putAway.set(!on)} />`;
}

function Reset() {
  const [asked, setAsked] = useState(false);
  const reset = async () => {
    setAsked(false);
    const done = await attempt(async () => {
      await sim("POST", "/reset");
      await refresh();
      return true;
    });
    if (done) tell("The demo world is made anew.");
  };
  return html`
    <${Panel} head=${html`<div class="panel-title"><h3>The demo world anew</h3><span class="hint">Conversations, people, flows and callbacks that were made are gone; ids and tokens of the demo world stay the same.</span></div>
      <span class="spacer"></span>
      ${asked
        ? html`<button class="button danger" type="button" onClick=${reset}>Yes, forget everything</button><button class="button" type="button" onClick=${() => setAsked(false)}>Keep it</button>`
        : html`<button class="button danger" type="button" onClick=${() => setAsked(true)}>Reset the world</button>`}`} />`;
}
