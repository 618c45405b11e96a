// Apps, their callbacks with the handshake, and which accounts they are subscribed to.
import { html, useState } from "../html.js";
import { FIELDS, PAGE_FIELDS, productId, removeCallback, setCallback, subscribe, unsubscribe } from "../state/callbacks.js";
import { attempt, tell } from "../state/notice.js";
import { sim } from "../state/sim.js";
import { useStore } from "../state/store.js";
import { traces } from "../state/traces.js";
import { loadWorld } from "../state/world.js";
import { Form, SelectField, Switch, TextField } from "../shell/Form.js";
import { Icon } from "../shell/icons.js";
import { AttemptLine } from "../wire/AttemptLine.js";
import { HandshakeLines } from "../wire/HandshakeStep.js";
import { LoginPart } from "./LoginPart.js";
import { Fact, Panel, Section } from "./Section.js";

/** @param {{ all: World }} props */
export const Apps = ({ all }) => html`
  <${Section} title="Apps and webhooks" about="Your program’s app, as in Meta’s dashboard. Each of its two products has a secret of its own, and a callback of its own for the events of the accounts that use that login.">
    ${all.apps.map((app) => html`<${AppPanel} key=${app.id} app=${app} all=${all} />`)}
    <${Panel} head=${html`<h3>Make an app</h3>`}>
      <div class="panel-body"><${Form} action="Make it" done="The app is there, with tokens for each account." label="Make an app" submit=${make}>
        <div class="form-fields"><${TextField} name="name" label="Name" required />
          <${SelectField} name="mode" label="Mode" options=${[{ value: "live", words: "Live" }, { value: "development", words: "In development" }]} /></div>
      </${Form}></div>
    </${Panel}>
  </${Section}>`;

/** @param {Record<string, string>} values @param {HTMLFormElement} form */
async function make(values, form) {
  await sim("POST", "/apps", values);
  await loadWorld();
  form.reset();
}

/** @param {{ app: App, all: World }} props */
function AppPanel({ app, all }) {
  /** @param {object} body */
  const change = (body) =>
    attempt(async () => {
      await sim("PATCH", `/apps/${app.id}`, body);
      await loadWorld();
    });
  const isLive = app.mode === "live";
  return html`
    <${Panel} head=${html`<div class="panel-title"><h3>${app.name}</h3><span class="hint">${app.id}</span></div>
      <span class="badge ${isLive ? "good" : "warn"}">${isLive ? "Live" : "In development"}</span>`}>
      <div class="panel-body columns">
        <dl class="facts">
          <${Fact} name="App id" text=${app.id} label=${`the id of ${app.name}`} />
          <${Fact} name="App secret" text=${app.secret} label=${`the secret of ${app.name}`} />
          <${Fact} name="Instagram id" text=${app.instagram_app_id} label=${`the Instagram app id of ${app.name}`} />
          <${Fact} name="Instagram secret" text=${app.instagram_app_secret} label=${`the Instagram app secret of ${app.name}`} />
          <${Fact} name="App token" text=${app.app_access_token} label=${`the app token of ${app.name}`} />
        </dl>
        <div>
          <${Switch} label="Live" hint="In development, its webhooks are silent." on=${isLive} change=${(/** @type {boolean} */ on) => change({ mode: on ? "live" : "development" })} />
          <${Switch} label="Advanced access" hint="With standard access, only people with a role in the app can be served." on=${app.access === "advanced"} change=${(/** @type {boolean} */ on) => change({ access: on ? "advanced" : "standard" })} />
          <${Switch} label="Require appsecret_proof" hint="Calls without it are refused." on=${app.require_appsecret_proof} change=${(/** @type {boolean} */ on) => change({ require_appsecret_proof: on })} />
          <${Switch} label="Human Agent feature" hint="Answers with the tag HUMAN_AGENT for 7 days." on=${app.human_agent} change=${(/** @type {boolean} */ on) => change({ human_agent: on })} />
        </div>
      </div>
      <${LoginPart} app=${app} change=${change} />
      <${CallbackPart} app=${app} login="instagram" name="Instagram Login" />
      <${CallbackPart} app=${app} login="facebook" name="Facebook Login" />
      <div class="panel-body"><h4>Subscribed to accounts</h4><ul class="list">
        ${all.accounts.map((account) => html`<${SubscriptionLine} key=${account.id} app=${app} account=${account} login="instagram" />
          ${account.page_id && html`<${SubscriptionLine} key=${account.page_id} app=${app} account=${account} login="facebook" />`}`)}
      </ul></div>
    </${Panel}>`;
}

/** @param {{ names: string[], chosen: string[], label: string }} props */
const FieldChoice = ({ names, chosen, label }) => html`
  <fieldset class="fields-of" aria-label=${label}>
    ${[...new Set([...names, ...chosen])].map((name) => html`<label class="check"><input type="checkbox" name=${`field ${name}`} defaultChecked=${chosen.includes(name)} />${name}</label>`)}
  </fieldset>`;

/** @param {Record<string, string>} values */
const fieldsOf = (values) =>
  Object.keys(values)
    .filter((name) => name.startsWith("field "))
    .map((name) => name.slice(6))
    .join(",");

/** @param {{ app: App, login: "instagram" | "facebook", name: string }} props */
function CallbackPart({ app, login, name }) {
  const callback = app.callbacks.find((known) => known.login === login);
  const [asked, setAsked] = useState({ url: "", since: 0n });
  const [tested, setTested] = useState(/** @type {Attempt | null} */ (null));
  const happened = useStore(traces);
  const handshake = asked.since
    ? happened.flatMap((trace) => trace.handshakes).find((entry) => BigInt(entry.cursor) > asked.since && entry.url.startsWith(asked.url))
    : undefined;
  /** @param {Record<string, string>} values */
  const set = async (values) => {
    // The handshake comes with the feed, after what it has told already.
    const { cursor } = await sim("GET", "/events?after=newest");
    setAsked({ url: values.callback_url, since: BigInt(cursor) });
    setTested(null);
    await setCallback(app, login, { callback_url: values.callback_url, verify_token: values.verify_token ?? "", fields: fieldsOf(values) });
  };
  const test = async () => {
    const sent = await attempt(() => sim("POST", `/apps/${app.id}/test`, { field: "messages", product: login }));
    if (sent) setTested(sent);
  };
  const remove = async () => {
    const gone = await attempt(() => removeCallback(app, login));
    if (gone) tell("The callback is removed.");
  };
  const secret = login === "instagram" ? app.instagram_app_secret : app.secret;
  const product = callback && { app, callback, secret, secretName: login === "instagram" ? "the Instagram app secret" : "the app secret" };
  return html`
    <div class="panel-body">
      <h4>Callback of ${name}</h4>
      <${Form} key=${callback?.callback_url ?? ""} action=${callback ? "Replace" : "Verify and save"} primary=${!callback} done="The callback answered, and is saved." label=${`Callback of ${name}, ${app.name}`} submit=${set}
        more=${callback && html`<button class="button" type="button" onClick=${test}><${Icon} name="send" size=${14} />Send a test</button>
          <button class="button danger" type="button" onClick=${remove}>Remove</button>`}>
        <div class="form-fields">
          <${TextField} name="callback_url" label="Callback URL" type="url" required value=${callback?.callback_url ?? ""} placeholder="http://127.0.0.1:3000/webhook" />
          <${TextField} name="verify_token" label="Verify token" value=${app.verify_token} />
        </div>
        <${FieldChoice} names=${FIELDS} chosen=${callback?.fields ?? FIELDS} label="Fields" />
      </${Form}>
      ${handshake &&
      html`<div role="status"><p class="row"><span class="badge ${handshake.ok ? "good" : "bad"}">${handshake.ok ? "Handshake passed" : "Handshake failed"}</span><span class="hint">what the endpoint was asked, and what it said</span></p></div>
        <${HandshakeLines} handshake=${handshake} />`}
      ${tested && html`<div role="status"><${AttemptLine} attempt=${tested} product=${product ?? null} name="Test" /></div>`}
      <p class="hint">As a command: <code>POST /v25.0/${productId(app, login)}/subscriptions</code> with the app token. Events are signed with the ${login === "instagram" ? "Instagram secret" : "app secret"}.</p>
    </div>`;
}

/** @param {{ app: App, account: Account, login: "instagram" | "facebook" }} props */
function SubscriptionLine({ app, account, login }) {
  const [open, setOpen] = useState(false);
  const subscribed = account.subscribed_apps.find((known) => known.app_id === app.id && known.login === login);
  const token = account.tokens[app.id]?.[login === "instagram" ? "instagram" : "page"];
  const names = login === "instagram" ? FIELDS : PAGE_FIELDS;
  const through = login === "instagram" ? "over Instagram Login" : "through its page";
  if (!token) return null;
  return html`
    <li>
      <span class="list-words"><b>${account.username} <span class="hint">${through}</span></b>
        <span class="hint">${subscribed ? subscribed.fields.join(", ") : "not subscribed: its events are not sent"}</span></span>
      <span class="badge ${subscribed ? "good" : ""}">${subscribed ? "Subscribed" : "Not subscribed"}</span>
      <button class="button small" type="button" aria-expanded=${open} aria-label=${`Fields of ${account.username}, ${through}, ${app.name}`} onClick=${() => setOpen(!open)}>Fields</button>
      ${subscribed && html`<button class="button small danger" type="button" aria-label=${`Unsubscribe from ${account.username}, ${through}, ${app.name}`} onClick=${() => attempt(() => unsubscribe(account, token, login))}>Unsubscribe</button>`}
      ${open &&
      html`<div class="grow-line"><${Form} action=${subscribed ? "Save" : "Subscribe"} done="The subscription is saved." label=${`Fields of ${account.username}`} submit=${async (/** @type {Record<string, string>} */ values) => {
        await subscribe(account, token, login, fieldsOf(values));
        setOpen(false);
      }}><${FieldChoice} names=${names} chosen=${subscribed?.fields ?? names.filter((name) => name !== "standby")} label="Fields" /></${Form}></div>`}
    </li>`;
}
