// A round picture of somebody; without one, their initials on a colour of their own.
import { html } from "../html.js";
import { ownAddress } from "../state/address.js";

/** @param {string} name */
function hue(name) {
  let sum = 7;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360;
  return sum;
}

/** @param {string} name */
const initials = (name) =>
  name
    .split(/[\s._]+/)
    .filter(Boolean)
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase())
    .join("");

/** @param {{ name: string, url?: string | null, size?: number, business?: boolean }} props */
export const Avatar = ({ name, url, size = 36, business = false }) => html`
  <span class="avatar" data-business=${business || undefined} aria-hidden="true"
    style=${{ width: `${size}px`, height: `${size}px`, fontSize: `${Math.round(size * 0.36)}px`, "--hue": String(hue(name)) }}>
    ${url && ownAddress(url) ? html`<img src=${ownAddress(url)} alt="" />` : html`<span>${initials(name)}</span>`}
  </span>`;
