// Welcome message flows of an account, and the ads that lead to them.
import { html, useState } from "../html.js";
import { attempt, tell } from "../state/notice.js";
import { graph, sim } from "../state/sim.js";
import { loadWorld, tokenOf } from "../state/world.js";
import { Form, SelectField, TextField } from "../shell/Form.js";
import { Icon } from "../shell/icons.js";
import { AccountChoice, useShownAccount } from "./AccountChoice.js";
import { FlowEditor } from "./FlowEditor.js";
import { Panel, Section } from "./Section.js";

const PATH = "/v25.0/me/welcome_message_flows";

/** @typedef {{ id: string | null, name: string, messages: any[] }} Draft */

/** @type {Draft} */
const BLANK = {
  id: null,
  name: "Summer sale",
  messages: [{ message: { text: "Welcome! What are you looking for?", quick_replies: [{ content_type: "text", title: "The new mug", payload: "NEW_MUG" }] } }],
};

/** @param {{ all: World }} props */
export function Flows({ all }) {
  const account = useShownAccount(all);
  const [draft, setDraft] = useState(/** @type {Draft | null} */ (null));
  const token = tokenOf(account);
  /** @param {FlowState} flow */
  const edit = async (flow) => {
    const shown = await attempt(() => graph("GET", `${PATH}?flow_id=${flow.id}`, token));
    const found = shown?.data?.[0] ?? shown;
    if (found) setDraft({ id: flow.id, name: found.name, messages: JSON.parse(found.welcome_message_flow) });
  };
  /** @param {FlowState} flow */
  const remove = (flow) =>
    attempt(async () => {
      await graph("DELETE", PATH, token, { flow_id: flow.id });
      await loadWorld();
      tell("The flow is deleted.");
    });
  /** @param {string} name @param {any[]} messages */
  const save = async (name, messages) => {
    await graph("POST", PATH, token, { ...(draft?.id ? { flow_id: draft.id } : {}), name, eligible_platforms: ["instagram"], welcome_message_flow: messages });
    await loadWorld();
    setDraft(null);
  };
  return html`
    <${Section} title="Flows and ads" about="What a person is greeted with who comes by an ad. Saved over the Welcome Message Flows API; ads as an advertiser makes them."
      beside=${html`<${AccountChoice} all=${all} account=${account} />`}>
      <${Panel} head=${html`<h3>Welcome message flows</h3><span class="spacer"></span>
        ${!draft && html`<button class="button small" type="button" onClick=${() => setDraft(BLANK)}><${Icon} name="plus" size=${14} />New flow</button>`}`}>
        ${draft && html`<div class="panel-body"><${FlowEditor} key=${`${account.username} ${draft.id}`} draft=${draft} account=${account} save=${save} close=${() => setDraft(null)} /></div>`}
        ${account.welcome_message_flows.length > 0
          ? html`<ul class="list">${account.welcome_message_flows.map((flow) => html`<li key=${flow.id}>
              <span class="list-words"><b>${flow.name}</b><span class="hint mono">${flow.id}</span></span>
              ${flow.is_used_in_ad && html`<span class="badge accent">in an ad</span>`}
              <button class="button small" type="button" aria-label=${`Edit the flow ${flow.name}`} onClick=${() => edit(flow)}>Edit</button>
              <button class="button small danger" type="button" aria-label=${`Delete the flow ${flow.name}`} onClick=${() => remove(flow)}>Delete</button></li>`)}</ul>`
          : !draft && html`<div class="panel-body"><p class="hint">None yet.</p></div>`}
      </${Panel}>
      <${Ads} account=${account} />
    </${Section}>`;
}

/** @param {{ account: Account }} props */
function Ads({ account }) {
  /** @param {Record<string, string>} values */
  const make = async (values) => {
    await sim("POST", "/ads", { account: account.username, ...values });
    await loadWorld();
  };
  /** @param {Ad} ad @param {string} status */
  const change = (ad, status) =>
    attempt(async () => {
      await sim("PATCH", `/ads/${ad.id}`, { status });
      await loadWorld();
    });
  const ads = account.ads.filter((ad) => ad.status !== "DELETED");
  return html`
    <${Panel} head=${html`<div class="panel-title"><h3>Click-to-Direct ads</h3><span class="hint">Active ones show on the phone, above the conversations. The Marketing API and <a href="/adsmanager">/adsmanager</a> make them too.</span></div>`}>
      ${ads.length > 0 &&
      html`<ul class="list">${ads.map((ad) => html`<li key=${ad.id}>
        <span class="list-words"><b>${ad.title}</b><span class="hint">${account.welcome_message_flows.find((flow) => flow.id === ad.flow)?.name ?? "no flow"}${ad.ref ? ` · ref ${ad.ref}` : ""} · <span class="mono">${ad.id}</span></span></span>
        <span class="badge ${ad.status === "ACTIVE" ? "good" : ""}">${ad.status.toLowerCase()}</span>
        <button class="button small" type="button" aria-label=${`${ad.status === "ACTIVE" ? "Pause" : "Run"} the ad ${ad.title}`} onClick=${() => change(ad, ad.status === "ACTIVE" ? "PAUSED" : "ACTIVE")}>${ad.status === "ACTIVE" ? "Pause" : "Run"}</button>
        <button class="button small danger" type="button" aria-label=${`Delete the ad ${ad.title}`} onClick=${() => change(ad, "DELETED")}>Delete</button></li>`)}</ul>`}
      <div class="panel-body"><${Form} action="Make an ad" primary=${false} done="The ad runs: it shows on the phone." label="Make an ad" submit=${make}>
        <div class="form-fields">
          <${TextField} name="title" label="Title" required value="Our summer mugs" />
          <${SelectField} name="flow" label="Flow" options=${[{ value: "", words: "none" }, ...account.welcome_message_flows.map((flow) => ({ value: flow.id, words: flow.name }))]} />
          <${TextField} name="ref" label="ref" placeholder="summer" />
          <${TextField} name="photo_url" label="Picture, by URL" type="url" />
        </div>
      </${Form}></div>
    </${Panel}>`;
}
