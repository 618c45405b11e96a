// The whole page: the bar, the phone with the wire beside it, or the world.
import { html, useEffect } from "../html.js";
import { Phone } from "../phone/Phone.js";
import { route } from "../state/route.js";
import { locked } from "../state/sim.js";
import { useStore } from "../state/store.js";
import { world } from "../state/world.js";
import { Wire } from "../wire/Wire.js";
import { WorldPage } from "../world/WorldPage.js";
import { BottomBar } from "./BottomBar.js";
import { Locked } from "./Locked.js";
import { NoticeLine } from "./NoticeLine.js";
import { TopBar } from "./TopBar.js";

const TITLES = { phone: "Phone", wire: "Wire", world: "World" };

export function App() {
  const { part } = useStore(route);
  const isLocked = useStore(locked);
  const all = useStore(world);
  useEffect(() => {
    document.title = `${TITLES[part]} · Posthaste console`;
  }, [part]);
  if (isLocked) return html`<${Locked} />`;
  return html`
    <a class="skip" href="#main">Skip to the content</a>
    <${TopBar} />
    <main id="main" class="main" data-part=${part} tabindex="-1">
      ${!all
        ? html`<p class="starting" role="status">Waiting for the sandbox…</p>`
        : part === "world"
          ? html`<${WorldPage} />`
          : html`<div class="stage"><${Phone} /><${Wire} /></div>`}
    </main>
    <${BottomBar} />
    <${NoticeLine} />`;
}
