// Copies a text, and says that it did.
import { html } from "../html.js";
import { tell } from "../state/notice.js";
import { Icon } from "./icons.js";

/** @param {string} text */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Over plain http from another machine there is no clipboard of that kind.
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

/** @param {{ text: string | (() => string), label: string, words?: string }} props `words` stand beside the icon */
export function CopyButton({ text, label, words }) {
  const run = async () => {
    await copy(typeof text === "function" ? text() : text);
    tell("Copied.");
  };
  return words
    ? html`<button class="button small" type="button" onClick=${run}><${Icon} name="copy" size=${15} />${words}</button>`
    : html`<button class="icon-button small" type="button" aria-label=${label} title=${label} onClick=${run}><${Icon} name="copy" size=${15} /></button>`;
}
