// What stands above the first message: whom one writes to.
import { html } from "../html.js";
import { Avatar } from "../shell/Avatar.js";

/** @param {{ account: Account, empty: boolean }} props */
export const ThreadStart = ({ account, empty }) => html`
  <div class="thread-start">
    <${Avatar} name=${account.name} size=${72} business />
    <p class="thread-start-name">${account.name}</p>
    <p class="hint">${account.username} · ${account.kind === "business" ? "Business" : "Creator"} · ${account.followers_count} ${account.followers_count === 1 ? "follower" : "followers"}</p>
    ${empty && html`<p class="hint">Nothing was written yet. The account may answer once you have.</p>`}
  </div>`;
