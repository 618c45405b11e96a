// How it looks on the phone. What can be tapped there cannot be tapped here.
import { html } from "../html.js";

/** @param {{ name: string, children?: any }} props */
export const Preview = ({ name, children }) => html`
  <fieldset class="preview" disabled aria-label="Preview">
    <p class="preview-name">Preview: ${name}</p>
    <div class="preview-body">${children}</div>
  </fieldset>`;
