// Text in a fixed width; JSON with its parts in colours.
import { html } from "../html.js";

const TOKENS = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g;

/** @param {{ text: string, json?: boolean, label: string }} props */
export const Code = ({ text, json = false, label }) =>
  html`<pre class="code" tabindex="0" role="region" aria-label=${label}><code>${json && text.length < 60_000 ? coloured(text) : text}</code></pre>`;

/** @param {string} text */
function coloured(text) {
  const pieces = [];
  let at = 0;
  for (const found of text.matchAll(TOKENS)) {
    pieces.push(text.slice(at, found.index));
    const [all, string, colon, word] = found;
    const kind = string ? (colon ? "key" : "string") : word ? "word" : "number";
    pieces.push(html`<span class=${`code-${kind}`}>${string ?? all}</span>${colon ?? ""}`);
    at = found.index + all.length;
  }
  pieces.push(text.slice(at));
  return pieces;
}
