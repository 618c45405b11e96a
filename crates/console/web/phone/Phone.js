// The phone of one person.
import { html } from "../html.js";
import { me, openThread } from "../state/inbox.js";
import { useStore } from "../state/store.js";
import { ConversationList } from "./ConversationList.js";
import { PersonPicker } from "./PersonPicker.js";
import { Thread } from "./Thread.js";

export function Phone() {
  const who = useStore(me);
  const thread = useStore(openThread);
  return html`
    <section class="phone-side" aria-label="Phone">
      <${PersonPicker} />
      <div class="phone">
        <div class="screen">
          ${thread ? html`<${Thread} key=${`${who}/${thread}`} account=${thread} />` : html`<${ConversationList} />`}
        </div>
      </div>
    </section>`;
}
