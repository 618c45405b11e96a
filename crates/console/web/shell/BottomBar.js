// The parts, within a thumb's reach on a small screen.
import { html } from "../html.js";
import { route } from "../state/route.js";
import { useStore } from "../state/store.js";
import { Icon } from "./icons.js";

const PARTS = [
  { part: "phone", name: "Phone" },
  { part: "wire", name: "Wire" },
  { part: "world", name: "World" },
];

export function BottomBar() {
  const { part: here } = useStore(route);
  return html`
    <nav class="bottombar" aria-label="Parts of the console, below">
      ${PARTS.map(
        ({ part, name }) => html`
          <a href=${`#/${part}`} aria-current=${part === here ? "page" : undefined}>
            <${Icon} name=${part} size=${20} /><span>${name}</span>
          </a>`,
      )}
    </nav>`;
}
