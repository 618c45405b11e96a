// A section of the world: its head, and panels.
import { html } from "../html.js";
import { CopyButton } from "../shell/CopyButton.js";

/** @param {{ title: string, about: string, beside?: any, children?: any }} props */
export const Section = ({ title, about, beside, children }) => html`
  <section class="world-section" aria-label=${title}>
    <header class="section-head"><div><h2>${title}</h2><p class="hint">${about}</p></div>${beside}</header>
    ${children}
  </section>`;

/** @param {{ head: any, children?: any }} props */
export const Panel = ({ head, children }) => html`<article class="panel"><header class="panel-head">${head}</header>${children}</article>`;

/** @param {{ text: string, label: string }} props `label` names it for the copying */
export const Secret = ({ text, label }) => html`
  <span class="secret"><code title=${text}>${text}</code><${CopyButton} text=${text} label=${`Copy ${label}`} /></span>`;

/** @param {{ name: string, text: string | null | undefined, label?: string }} props a fact that can be copied */
export const Fact = ({ name, text, label }) =>
  text ? html`<div><dt>${name}</dt><dd><${Secret} text=${text} label=${label ?? name} /></dd></div>` : null;
