// The sandbox was started with --sim-token: the console needs it too.
import { html, useState } from "../html.js";
import { refresh } from "../state/feed.js";
import { attempt } from "../state/notice.js";
import { unlock } from "../state/sim.js";

export function Locked() {
  const [token, setToken] = useState("");
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    unlock(token.trim());
    void attempt(refresh);
  };
  return html`
    <main class="locked">
      <form class="card" onSubmit=${submit}>
        <img src="icon.svg" alt="" width="40" height="40" />
        <h1>This sandbox asks for its token</h1>
        <p class="hint">It was started with <code>--sim-token</code>. The token stays in this tab.</p>
        <label class="field"><span>Token</span>
          <input type="password" autocomplete="off" value=${token} required
            onInput=${(/** @type {any} */ event) => setToken(event.currentTarget.value)} /></label>
        <button class="button primary" type="submit">Open the console</button>
      </form>
    </main>`;
}
