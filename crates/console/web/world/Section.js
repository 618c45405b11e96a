// A section of the world: its head, and panels.
import { html } from "../html.js";
import { Secret } from "../shell/Secret.js";

/** @param {{ title: string, about: string, beside?: any, children?: any }} props */
export const Section = ({ title, about, beside, children }) => html`
  <section class="world-section" aria-label=${title}>
    <header class="section-head"><div><h2>${title}</h2><p class="hint">${about}</p></div>${beside}</header>
    ${children}
  </section>`;

/** @param {{ head: any, children?: any }} props */
export const Panel = ({ head, children }) => html`<article class="panel"><header class="panel-head">${head}</header>${children}</article>`;

/** @param {{ name: string, text: string | null | undefined, label?: string, note?: string }} props a fact that can be copied */
export const Fact = ({ name, text, label, note }) =>
  text ? html`<div><dt>${name}</dt><dd><${Secret} text=${text} label=${label ?? name} />${note && html`<span class="hint">${note}</span>`}</dd></div>` : null;
