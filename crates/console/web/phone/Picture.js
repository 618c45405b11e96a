// A picture; in place of one that cannot be had, where it would come from.
import { html, useEffect, useState } from "../html.js";
import { hostOf, ownAddress } from "../state/address.js";
import { Icon } from "../shell/icons.js";

/** @param {{ url?: string, words: string, kind?: string }} props */
export function Picture({ url, words, kind = "picture" }) {
  const [failed, setFailed] = useState(false);
  const source = ownAddress(url) ?? url;
  useEffect(() => setFailed(false), [source]);
  if (!source || failed) {
    return html`<span class="picture none" data-kind=${kind} role="img" aria-label=${words} title=${url ?? words}><${Icon} name=${kind === "story" ? "story" : "image"} size=${24} />
      ${url && html`<span class="picture-host">${hostOf(url)}</span>`}</span>`;
  }
  return html`<img class="picture" data-kind=${kind} src=${source} alt=${words} loading="lazy" onError=${() => setFailed(true)} />`;
}
