// The Graph request that a trace began with.
import { html, useState } from "../html.js";
import { attempt, tell } from "../state/notice.js";
import { world } from "../state/world.js";
import { Icon } from "../shell/icons.js";
import { graphCurl, sendAgain } from "./curl.js";
import { Payload } from "./Payload.js";
import { Step } from "./Step.js";
import { shortPath } from "./titles.js";

/** @param {{ head: Entry, request: LoggedRequest | null }} props */
export function RequestStep({ head, request }) {
  const [busy, setBusy] = useState(false);
  const again = async () => {
    if (!request) return;
    setBusy(true);
    const status = await attempt(() => sendAgain(request, world.get()));
    if (status) tell(`Sent again: ${status}.`);
    setBusy(false);
  };
  return html`
    <${Step} icon="app" kind="Request" title=${html`<code>${head.method} ${shortPath(head.path)}</code>`} note=${request?.host}>
      ${request &&
      html`
        <${Payload} label="Request" body=${request.body || (request.query ? `?${request.query}` : "")} headers=${request.headers} curl=${() => graphCurl(request, world.get())} />
        <div class="step-actions"><button class="button small" type="button" disabled=${busy} onClick=${again}><${Icon} name="replay" size=${14} />Send again</button></div>`}
    </${Step}>`;
}
