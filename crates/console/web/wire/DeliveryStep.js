// One webhook event for one app: where it went, each attempt, or why it went nowhere.
import { html, useState } from "../html.js";
import { attempt, tell } from "../state/notice.js";
import { sim } from "../state/sim.js";
import { useStore } from "../state/store.js";
import { clockTime, dayOf } from "../state/time.js";
import { productOf, world } from "../state/world.js";
import { go } from "../state/route.js";
import { Icon } from "../shell/icons.js";
import { AttemptLine } from "./AttemptLine.js";
import { Payload } from "./Payload.js";
import { Step } from "./Step.js";

/** @type {Record<string, { title: string, tone: "good" | "bad" | "warn" | "plain" }>} */
const STATES = {
  delivered: { title: "Delivered", tone: "good" },
  pending: { title: "On its way", tone: "plain" },
  retrying: { title: "Failed, will be tried again", tone: "bad" },
  dead: { title: "Given up", tone: "bad" },
  suppressed: { title: "Not sent", tone: "warn" },
  dropped: { title: "Dropped by a fault", tone: "warn" },
};

/** @param {{ delivery: Delivery, changed: () => void }} props */
export function DeliveryStep({ delivery, changed }) {
  const all = useStore(world);
  const [busy, setBusy] = useState(false);
  const product = productOf(all, delivery.endpoint);
  const app = product?.app ?? all?.apps.find((known) => known.id === delivery.app_id);
  const { title, tone } = STATES[delivery.state] ?? STATES.pending;
  const replay = async () => {
    setBusy(true);
    const made = await attempt(() => sim("POST", `/deliveries/${delivery.id}/replay`));
    if (made) tell(made.accepted ? "Sent again, and accepted." : "Sent again, and not accepted.");
    setBusy(false);
    changed();
  };
  return html`
    <${Step} icon="webhook" kind=${html`Webhook <code>${delivery.topic}</code>${app && html` to ${app.name}`}`} tone=${tone} title=${title}
      note=${delivery.next_attempt_at && delivery.state === "retrying" ? `next try ${dayOf(delivery.next_attempt_at)}, ${clockTime(delivery.next_attempt_at)}` : undefined}>
      ${delivery.reason && html`<p class="reason">${delivery.reason}</p>`}
      ${delivery.state === "suppressed" &&
      html`<div class="step-actions"><button class="button small" type="button" onClick=${() => go("world/apps")}><${Icon} name="webhook" size=${14} />Apps and callbacks</button></div>`}
      <${Payload} label=${delivery.state === "suppressed" ? "The event that was not sent" : "Event"} body=${JSON.stringify(delivery.event)} open=${delivery.attempts.length === 0} />
      ${delivery.attempts.map((one) => html`<${AttemptLine} key=${`${one.at}${one.number}${one.replay}`} attempt=${one} product=${product} />`)}
      ${delivery.id &&
      delivery.state !== "pending" &&
      html`<div class="step-actions"><button class="button small" type="button" disabled=${busy} onClick=${replay}><${Icon} name="replay" size=${14} />Replay</button></div>`}
    </${Step}>`;
}
