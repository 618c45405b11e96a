// One trace from its cause to the last attempt of the last webhook.
import { html, useEffect, useState } from "../html.js";
import { sim } from "../state/sim.js";
import { wholeTime } from "../state/time.js";
import { Icon } from "../shell/icons.js";
import { ActStep } from "./ActStep.js";
import { ChangeStep } from "./ChangeStep.js";
import { DeliveryStep } from "./DeliveryStep.js";
import { HandshakeStep } from "./HandshakeStep.js";
import { RequestStep } from "./RequestStep.js";
import { ResponseStep } from "./ResponseStep.js";
import { RulesStep } from "./RulesStep.js";
import { titleOf } from "./titles.js";

/** @param {{ trace: Trace, close: () => void }} props */
export function TraceDetail({ trace, close }) {
  const { head, touched, events } = trace;
  const [request, setRequest] = useState(/** @type {LoggedRequest | null} */ (null));
  const [deliveries, setDeliveries] = useState(/** @type {Delivery[] | null} */ (null));
  const [again, setAgain] = useState(0);
  useEffect(() => {
    if (head?.type !== "request") return;
    sim("GET", `/requests?trace_id=${encodeURIComponent(head.trace_id)}&limit=1`)
      .then(({ requests }) => setRequest(requests[0] ?? null))
      .catch(() => setRequest(null));
  }, [head?.trace_id]);
  useEffect(() => {
    let current = true;
    Promise.all(events.map((event) => sim("GET", `/deliveries?event=${event}`)))
      .then((lists) => current && setDeliveries(lists.flatMap((list) => list.deliveries)))
      .catch(() => current && setDeliveries(null));
    return () => {
      current = false;
    };
  }, [touched, events.length, again]);
  const { icon, who, does, what } = titleOf(trace);
  return html`
    <article class="trace" aria-label="Trace">
      <header class="trace-head">
        <button class="icon-button" type="button" aria-label="Back to the list" onClick=${close}><${Icon} name="back" /></button>
        <span class="trace-icon big"><${Icon} name=${icon} size=${20} /></span>
        <div class="trace-head-words"><h2>${who} ${does}</h2><p class="hint">${what && (/^[A-Z]+ \//.test(what) ? html`<code>${what}</code> · ` : html`<q>${what}</q> · `)}${wholeTime(trace.at)}</p></div>
      </header>
      <ol class="steps">
        ${head?.type === "act" && html`<${ActStep} head=${head} />`}
        ${head?.type === "request" && html`<${RequestStep} head=${head} request=${request} />`}
        ${head && html`<${RulesStep} trace=${trace} request=${request} />`}
        ${trace.handshakes.map((handshake) => html`<${HandshakeStep} handshake=${handshake} />`)}
        ${trace.changes.length > 0 && html`<${ChangeStep} changes=${trace.changes} />`}
        ${deliveries?.map((delivery, at) => html`<${DeliveryStep} key=${delivery.id ?? `unsent ${at}`} delivery=${delivery} changed=${() => setAgain((n) => n + 1)} />`)}
        ${head && html`<${ResponseStep} head=${head} request=${request} />`}
      </ol>
    </article>`;
}
