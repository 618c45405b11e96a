// The world's time, and what moves it.
import { html, useEffect, useRef, useState } from "../html.js";
import { attempt, tell } from "../state/notice.js";
import { sim } from "../state/sim.js";
import { useStore } from "../state/store.js";
import { clockTime, dayOf, span } from "../state/time.js";
import { world, worldNow } from "../state/world.js";
import { Icon } from "./icons.js";

const STEPS = ["1h", "23h", "25h", "7d"];

/** @param {object} body */
export async function moveClock(body) {
  const moved = await attempt(() => sim("POST", "/clock", body));
  if (moved) tell(`The world's clock shows ${dayOf(moved.now)}, ${clockTime(moved.now)}.`);
}

export function ClockChip() {
  const all = useStore(world);
  const [open, setOpen] = useState(false);
  const [, redraw] = useState(0);
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    const timer = setInterval(() => redraw((/** @type {number} */ n) => n + 1), 5000);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    if (!open) return;
    /** @param {Event} event */
    const elsewhere = (event) => {
      if (!place.current?.contains(/** @type {Node} */ (event.target))) setOpen(false);
    };
    /** @param {KeyboardEvent} event */
    const escape = (event) => {
      if (event.key === "Escape") setOpen(false);
    };
    document.addEventListener("pointerdown", elsewhere);
    document.addEventListener("keydown", escape);
    return () => {
      document.removeEventListener("pointerdown", elsewhere);
      document.removeEventListener("keydown", escape);
    };
  }, [open]);
  if (!all) return null;
  const offset = all.clock.offset_ms;
  const moved = Math.abs(offset) > 999;
  const ahead = `${offset < 0 ? "−" : "+"}${span(offset)}`;
  return html`
    <div class="clock" ref=${place}>
      <button class="chip-button" type="button" aria-expanded=${open} aria-controls="clock-card"
        aria-label=${`The world's clock: ${dayOf(worldNow())}, ${clockTime(worldNow())}${moved ? `, moved by ${ahead}` : ""}`} onClick=${() => setOpen(!open)}>
        <${Icon} name="clock" size=${16} /><span class="clock-now">${dayOf(worldNow())}, ${clockTime(worldNow())}</span>
        ${moved && html`<span class="badge accent">${ahead}</span>`}
      </button>
      ${open &&
      html`
        <div class="popover" id="clock-card" role="group" aria-label="Move the world's clock">
          <p class="hint">Move the clock, and whatever falls due happens: windows shut, retries go out, links expire.</p>
          <div class="row wrap">
            ${STEPS.map((step) => html`<button class="button" type="button" onClick=${() => moveClock({ advance: step })}>+${step}</button>`)}
          </div>
          <button class="button" type="button" disabled=${!moved} onClick=${() => moveClock({ reset: true })}><${Icon} name="replay" size=${15} />Back to the real time</button>
        </div>`}
    </div>`;
}
