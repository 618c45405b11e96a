// Everything that exists, and what can be changed of it.
import { html, useEffect, useRef } from "../html.js";
import { route } from "../state/route.js";
import { useStore } from "../state/store.js";
import { world } from "../state/world.js";
import { Icon } from "../shell/icons.js";
import { Accounts } from "./Accounts.js";
import { Apps } from "./Apps.js";
import { ClockAndSettings } from "./ClockAndSettings.js";
import { Faults } from "./Faults.js";
import { Flows } from "./Flows.js";
import { People } from "./People.js";
import { Profile } from "./Profile.js";
import { Tokens } from "./Tokens.js";

/** @type {{ section: string, name: string, icon: string, view: any, count?: (all: World) => number }[]} */
const SECTIONS = [
  { section: "accounts", name: "Accounts", icon: "shop", view: Accounts, count: (all) => all.accounts.length },
  { section: "people", name: "People", icon: "person", view: People, count: (all) => all.people.length },
  { section: "apps", name: "Apps and webhooks", icon: "webhook", view: Apps, count: (all) => all.apps.length },
  { section: "tokens", name: "Tokens", icon: "key", view: Tokens, count: (all) => all.tokens.length },
  { section: "profile", name: "Messenger profile", icon: "menu", view: Profile },
  { section: "flows", name: "Flows and ads", icon: "ad", view: Flows, count: (all) => all.accounts.reduce((sum, account) => sum + account.welcome_message_flows.length, 0) },
  { section: "clock", name: "Clock and settings", icon: "clock", view: ClockAndSettings },
  { section: "faults", name: "Faults", icon: "bolt", view: Faults },
];

export function WorldPage() {
  const { section } = useStore(route);
  const all = useStore(world);
  const here = SECTIONS.find((known) => known.section === section) ?? SECTIONS[0];
  const nav = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    // On a small screen the sections stand in one line, which may be longer than the screen.
    nav.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [here.section]);
  if (!all) return null;
  return html`
    <div class="world">
      <nav class="world-nav" ref=${nav} aria-label="Sections of the world">
        ${SECTIONS.map(
          ({ section: to, name, icon, count }) => html`
            <a href=${`#/world/${to}`} aria-current=${to === here.section ? "page" : undefined}>
              <${Icon} name=${icon} size=${17} />${name}${count && html`<span class="world-count">${count(all)}</span>`}
            </a>`,
        )}
      </nav>
      <div class="world-page" tabindex="-1"><${here.view} key=${here.section} all=${all} /></div>
    </div>`;
}
