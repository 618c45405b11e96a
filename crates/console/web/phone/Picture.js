// A picture of the sandbox's own; in place of any other, whose addresses the page may not load, what it would show.
import { html, useState } from "../html.js";
import { Icon } from "../shell/icons.js";

/** @param {{ url?: string, words: string, kind?: string }} props */
export function Picture({ url, words, kind = "picture" }) {
  const [failed, setFailed] = useState(false);
  const own = ownAddress(url);
  if (!own || failed) {
    return html`<span class="picture none" data-kind=${kind} role="img" aria-label=${words} title=${url ?? words}><${Icon} name=${kind === "story" ? "story" : "image"} size=${24} />
      ${url && html`<span class="picture-host">${hostOf(url)}</span>`}</span>`;
  }
  return html`<img class="picture" data-kind=${kind} src=${own} alt=${words} loading="lazy" onError=${() => setFailed(true)} />`;
}

/**
 * The address within this sandbox, whatever name it was reached by.
 * @param {string | undefined} url
 */
export function ownAddress(url) {
  if (!url) return null;
  try {
    const parsed = new URL(url, location.href);
    return parsed.origin === location.origin || parsed.pathname.startsWith("/ig_messaging_cdn/")
      ? `${parsed.pathname}${parsed.search}`
      : null;
  } catch {
    return null;
  }
}

/** @param {string} url */
export function hostOf(url) {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}
