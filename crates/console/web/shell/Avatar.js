// A round picture of somebody: their initials on a colour of their own.
import { html } from "../html.js";

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

/** @param {{ name: string, size?: number, business?: boolean }} props */
export const Avatar = ({ name, size = 36, business = false }) => html`
  <span class="avatar" data-business=${business || undefined} aria-hidden="true"
    style=${{ width: `${size}px`, height: `${size}px`, fontSize: `${Math.round(size * 0.36)}px`, "--hue": String(hue(name)) }}>
    <span>${initials(name)}</span>
  </span>`;
