// A template: a text with buttons, or cards to swipe through.
import { html, useRef, useState } from "../html.js";
import { attempt, tell } from "../state/notice.js";
import { play } from "../state/sim.js";
import { Icon } from "../shell/icons.js";
import { hostOf } from "../state/address.js";
import { Picture } from "./Picture.js";

/** @param {{ template: any, message: Message, who: string }} props */
export function TemplateCards({ template, message, who }) {
  const row = useRef(/** @type {HTMLElement | null} */ (null));
  const [at, setAt] = useState(0);
  /** @param {number} element @param {number} button */
  const tap = async (element, button) => {
    const tapped = await attempt(() => play(who, "tap", { mid: message.mid, element, button }));
    if (tapped?.url) {
      window.open(tapped.url, "_blank", "noopener,noreferrer");
      tell(`Opened ${hostOf(tapped.url)}: nobody is told of that.`);
    }
  };
  /** @param {any[]} buttons @param {number} element */
  const buttonsOf = (buttons, element) => html`
    <div class="card-buttons">
      ${(buttons ?? []).map(
        (button, number) => html`<button class="card-button" type="button" onClick=${() => tap(element, number)}>${button.title}
          ${button.type === "web_url" && html`<span class="unseen">, opens ${hostOf(button.url)}</span><${Icon} name="link" size=${13} />`}</button>`,
      )}
    </div>`;
  if (template.template_type === "button") {
    return html`<div class="template"><p class="template-text">${template.text}</p>${buttonsOf(template.buttons, 0)}</div>`;
  }
  /** @type {any[]} */
  const elements = template.elements ?? [];
  /** @param {number} to */
  const move = (to) => {
    const card = row.current?.children[to];
    if (row.current && card instanceof HTMLElement) {
      row.current.scrollTo({ left: card.offsetLeft - row.current.offsetLeft, behavior: "smooth" });
    }
  };
  const scrolled = () => {
    const cards = /** @type {HTMLElement[]} */ ([...(row.current?.children ?? [])]);
    const left = row.current?.scrollLeft ?? 0;
    const distances = cards.map((card) => Math.abs(card.offsetLeft - (row.current?.offsetLeft ?? 0) - left));
    setAt(Math.max(0, distances.indexOf(Math.min(...distances))));
  };
  return html`
    <div class="carousel" data-many=${elements.length > 1 || undefined} role="group" aria-roledescription="carousel" aria-label=${`${elements.length} cards`}>
      <div class="cards" ref=${row} onScroll=${scrolled} tabindex=${elements.length > 1 ? 0 : undefined}>
        ${elements.map(
          (element, number) => html`
            <div class="template" role="group" aria-label=${`Card ${number + 1} of ${elements.length}`}>
              ${element.image_url && html`<${Picture} url=${element.image_url} words=${element.title} kind="card" />`}
              <div class="template-words"><p class="template-title">${element.title}</p>${element.subtitle && html`<p class="hint">${element.subtitle}</p>`}
                ${element.default_action && html`<p class="template-link"><${Icon} name="link" size=${12} />${hostOf(element.default_action.url)}</p>`}</div>
              ${element.buttons?.length > 0 && buttonsOf(element.buttons, number)}
            </div>`,
        )}
      </div>
      ${elements.length > 1 &&
      html`<div class="carousel-steps">
        <button class="icon-button small" type="button" aria-label="Previous card" disabled=${at === 0} onClick=${() => move(at - 1)}><${Icon} name="back" size=${14} /></button>
        <span aria-live="polite">${at + 1} of ${elements.length}</span>
        <button class="icon-button small" type="button" aria-label="Next card" disabled=${at === elements.length - 1} onClick=${() => move(at + 1)}><${Icon} name="next" size=${14} /></button>
      </div>`}
    </div>`;
}
