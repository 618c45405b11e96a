// Questions that a new conversation offers.
import { html } from "../html.js";

/** @param {{ questions: { question: string }[], tap: (at: number) => unknown }} props */
export const IceBreakers = ({ questions, tap }) => html`
  <div class="ice-breakers" role="group" aria-label="Questions to ask">
    <p class="label">Tap to send a suggestion</p>
    ${questions.map(({ question }, at) => html`<button class="ice-breaker" type="button" onClick=${() => tap(at)}>${question || "…"}</button>`)}
  </div>`;
