// A body, pretty or as it was, with its headers.
import { html, useState } from "../html.js";
import { CopyButton } from "../shell/CopyButton.js";
import { Code } from "./Code.js";

/** @param {{ label: string, body: string, headers?: Record<string, string>, curl?: () => string, open?: boolean }} props */
export function Payload({ label, body, headers, curl, open = false }) {
  const views = ["Pretty", "Raw", ...(headers ? ["Headers"] : [])];
  const [view, setView] = useState("Pretty");
  const pretty = prettyOf(body);
  const shown = view === "Headers" ? headerLines(headers) : view === "Raw" ? body : pretty;
  return html`
    <details class="payload" open=${open}>
      <summary><span>${label}</span><span class="payload-size">${body === "" ? "no body" : `${new TextEncoder().encode(body).length} bytes`}</span></summary>
      <div class="payload-bar">
        <div class="segments" role="group" aria-label=${`${label}: how it is shown`}>
          ${views.map((name) => html`<button type="button" aria-pressed=${name === view} onClick=${() => setView(name)}>${name}</button>`)}
        </div>
        <span class="spacer"></span>
        ${curl && html`<${CopyButton} text=${curl} label="Copy as curl" words="Copy as curl" />`}
        <${CopyButton} text=${shown} label=${`Copy: ${label}, ${view.toLowerCase()}`} />
      </div>
      <${Code} text=${shown || "(empty)"} json=${view === "Pretty"} label=${`${label}, ${view.toLowerCase()}`} />
    </details>`;
}

/** @param {string} body */
export function prettyOf(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

/** @param {Record<string, string> | undefined} headers */
const headerLines = (headers) =>
  Object.entries(headers ?? {})
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
