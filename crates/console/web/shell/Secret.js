// An id or a token: as much of it as there is room for, and a button that copies it all.
import { html } from "../html.js";
import { CopyButton } from "./CopyButton.js";

/** @param {{ text: string, label: string }} props `label` names it for the copying */
export const Secret = ({ text, label }) => html`
  <span class="secret"><code title=${text}>${text}</code><${CopyButton} text=${text} label=${`Copy ${label}`} /></span>`;
