// A click-to-Direct ad, as it stands in a feed.
import { html } from "../html.js";
import { openThread } from "../state/inbox.js";
import { attempt } from "../state/notice.js";
import { play } from "../state/sim.js";
import { Avatar } from "../shell/Avatar.js";
import { Icon } from "../shell/icons.js";
import { Picture } from "./Picture.js";

/** @param {{ ad: Ad, account: Account, who: string }} props */
export function Sponsored({ ad, account, who }) {
  const tap = async () => {
    const shown = await attempt(() => play(who, "tap", { to: account.username, ad: ad.id }));
    if (shown) openThread.set(account.username);
  };
  return html`
    <article class="sponsored" aria-label=${`Ad of ${account.username}`}>
      <div class="sponsored-head"><${Avatar} name=${account.name} size=${30} business /><span><b>${account.username}</b><span class="sponsored-word">Sponsored</span></span></div>
      ${ad.photo_url && html`<${Picture} url=${ad.photo_url} words=${ad.title} kind="ad" />`}
      <button class="sponsored-go" type="button" onClick=${tap}><span><span class="unseen">Send a message about </span>${ad.title}</span><${Icon} name="next" size=${15} /></button>
    </article>`;
}
