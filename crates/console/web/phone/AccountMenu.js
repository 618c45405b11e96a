// The account's persistent menu.
import { html } from "../html.js";
import { Icon } from "../shell/icons.js";

/** @param {{ items: { type: string, title: string }[], tap: (at: number) => unknown }} props */
export const AccountMenu = ({ items, tap }) => html`
  <div class="account-menu" role="group" aria-label="Menu of the account">
    ${items.map((item, at) => html`<button type="button" onClick=${() => tap(at)}>${item.title || "…"}<${Icon} name=${item.type === "web_url" ? "link" : "next"} size=${14} /></button>`)}
  </div>`;
