// The tokens, newest first, and a form that makes one.
import { html, useState } from "../html.js";
import { sim } from "../state/sim.js";
import { dayOf, wholeTime } from "../state/time.js";
import { loadWorld, worldNow } from "../state/world.js";
import { Form, SelectField, TextField } from "../shell/Form.js";
import { Secret } from "../shell/Secret.js";
import { Panel, Section } from "./Section.js";

/** @type {Record<string, string>} */
const KINDS = { instagram: "Instagram user token", page: "Page token", user: "Facebook user token", app: "App token" };

/** @param {{ all: World }} props */
export function Tokens({ all }) {
  const [kind, setKind] = useState("instagram");
  /** @param {Record<string, string>} values */
  const make = async ({ app, subject, scopes, expires_in }) => {
    await sim("POST", "/tokens", {
      app,
      kind,
      ...(kind === "user" ? { user: subject } : { account: subject }),
      ...(scopes ? { scopes: scopes.split(/[\s,]+/) } : {}),
      ...(expires_in ? { expires_in: Number(expires_in) } : {}),
    });
    await loadWorld();
  };
  const subjects =
    kind === "user"
      ? all.users.map((user) => ({ value: user.id, words: user.name }))
      : all.accounts.filter((account) => kind === "instagram" || account.page_id).map((account) => ({ value: account.username, words: account.username }));
  return html`
    <${Section} title="Tokens" about="What a program shows with each request. They are this sandbox’s and good for nothing elsewhere.">
      <${Panel} head=${html`<h3>Make a token</h3>`}>
        <div class="panel-body"><${Form} action="Make it" done="The token is made: it is the first in the list." label="Make a token" submit=${make}>
          <div class="form-fields">
            <${SelectField} name="app" label="App" options=${all.apps.map((app) => ({ value: app.id, words: app.name }))} />
            <${SelectField} name="kind" label="Kind" value=${kind} onChange=${setKind} options=${["instagram", "page", "user"].map((value) => ({ value, words: KINDS[value] }))} />
            <${SelectField} name="subject" label=${kind === "user" ? "User" : "Account"} options=${subjects} />
            <${TextField} name="expires_in" label="Seconds until it ends" type="number" min=${0} placeholder="as at Meta; 0: never" />
            <${TextField} name="scopes" label="Permissions, with commas between" placeholder="all" wide />
          </div>
        </${Form}></div>
      </${Panel}>
      <article class="panel"><ul class="list">
        ${all.tokens.map((token) => html`<${TokenLine} key=${token.access_token} token=${token} all=${all} />`)}
      </ul></article>
      <${Panel} head=${html`<div class="panel-title"><h3>What apps were given</h3><span class="hint">By logins, and by making tokens here. <a href="/settings?tab=business_tools">The settings page</a> takes it back, as people do.</span></div>`}>
        <ul class="list">${all.grants.map((grant) => html`<li key=${`${grant.app_id} ${grant.account ?? grant.user}`}>
          <span class="list-words"><b>${all.apps.find((app) => app.id === grant.app_id)?.name ?? grant.app_id}</b>
            <span class="hint">by ${grant.account ?? all.users.find((user) => user.id === grant.user)?.name ?? grant.user} · ${dayOf(grant.granted_at)}${grant.declined.length > 0 ? ` · without ${grant.declined.join(", ")}` : ""}</span>
            <details class="hint"><summary>Permissions</summary>${grant.granted.join(", ") || "none"}</details></span></li>`)}</ul>
      </${Panel}>
    </${Section}>`;
}

/** @param {{ token: Token, all: World }} props */
function TokenLine({ token, all }) {
  const app = all.apps.find((known) => known.id === token.app_id);
  const account = all.accounts.find((known) => known.id === token.subject_id || known.page_id === token.subject_id);
  const subject = account?.username ?? all.users.find((user) => user.id === token.subject_id)?.name ?? token.subject_id;
  const ended = Boolean(token.ended) || (token.expires_at !== null && Date.parse(token.expires_at) < worldNow());
  const until = token.ended ? `ended: ${token.ended.replace("_", " ")}` : token.expires_at === null ? "never ends" : `${ended ? "ended" : "ends"} ${dayOf(token.expires_at)}`;
  return html`
    <li>
      <span class="list-words"><b>${KINDS[token.kind] ?? token.kind} of ${subject}</b>
        <span class="hint" title=${wholeTime(token.issued_at)}>${app?.name ?? token.app_id} · ${until} · ${token.scopes.length} permissions</span>
        <details class="hint"><summary>Permissions</summary>${token.scopes.join(", ") || "none"}</details></span>
      ${ended && html`<span class="badge bad">ended</span>`}
      <${Secret} text=${token.access_token} label=${`the token of ${subject} for ${app?.name ?? token.app_id}`} />
    </li>`;
}
