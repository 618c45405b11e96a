// The bar at the top: where one is, the world's clock, whether the page is live.
import { html } from "../html.js";
import { connection } from "../state/feed.js";
import { route } from "../state/route.js";
import { useStore } from "../state/store.js";
import { isDark, theme } from "../state/theme.js";
import { ClockChip } from "./ClockChip.js";
import { Icon } from "./icons.js";

const STATES = { live: "Live", connecting: "Connecting", lost: "Not connected" };

export function TopBar() {
  const { part } = useStore(route);
  const state = useStore(connection);
  useStore(theme);
  const dark = isDark();
  /** @param {boolean} here */
  const current = (here) => (here ? "page" : undefined);
  return html`
    <header class="topbar">
      <a class="brand" href="#/phone" aria-label="Posthaste console">
        <img src="icon.svg" alt="" width="26" height="26" /><span class="brand-name">Posthaste</span>
      </a>
      <nav class="topnav" aria-label="Parts of the console">
        <a href="#/phone" aria-current=${current(part !== "world")}>Phone and wire</a>
        <a href="#/world" aria-current=${current(part === "world")}>World</a>
      </nav>
      <span class="spacer"></span>
      <span class="live" data-state=${state} role="status"><span class="live-dot" aria-hidden="true"></span><span class="live-word">${STATES[state]}</span></span>
      <${ClockChip} />
      <button class="icon-button" type="button" onClick=${() => theme.set(dark ? "light" : "dark")}
        aria-label=${dark ? "Use light colours" : "Use dark colours"}><${Icon} name=${dark ? "sun" : "moon"} /></button>
    </header>`;
}
