// The professional accounts.
import { html } from "../html.js";
import { attempt, tell } from "../state/notice.js";
import { sim } from "../state/sim.js";
import { loadWorld } from "../state/world.js";
import { Avatar } from "../shell/Avatar.js";
import { Form, SelectField, Switch, TextField } from "../shell/Form.js";
import { Fact, Panel, Section } from "./Section.js";
import { shownAccount } from "./AccountChoice.js";

/** @param {{ all: World }} props */
export const Accounts = ({ all }) => html`
  <${Section} title="Accounts" about="Professional accounts: what a business answers from. One that is linked to a page can be used over Facebook Login, each over Instagram Login.">
    ${all.accounts.map((account) => html`<${AccountPanel} key=${account.id} account=${account} all=${all} />`)}
    <${Panel} head=${html`<h3>Make an account</h3>`}>
      <div class="panel-body"><${Form} action="Make it" done="The account is there, subscribed by every app." label="Make an account" submit=${make}>
        <div class="form-fields"><${TextField} name="username" label="Username" required placeholder="my.shop" /><${TextField} name="name" label="Name" placeholder="My Shop" />
          <${SelectField} name="page" label="Facebook page" options=${[{ value: "", words: "none" }, { value: "yes", words: "linked to a page" }]} /></div>
      </${Form}></div>
    </${Panel}>
  </${Section}>`;

/** @param {Record<string, string>} values @param {HTMLFormElement} form */
async function make({ username, name, page }, form) {
  await sim("POST", "/accounts", { username, ...(name ? { name } : {}), page: page === "yes" });
  await loadWorld();
  form.reset();
}

/** @param {{ account: Account, all: World }} props */
function AccountPanel({ account, all }) {
  /** @param {object} body */
  const change = (body) =>
    attempt(async () => {
      await sim("PATCH", `/accounts/${encodeURIComponent(account.username)}`, body);
      await loadWorld();
    });
  const conversations = all.conversations.filter((known) => known.account === account.username);
  return html`
    <${Panel} head=${html`
      <${Avatar} name=${account.name} size=${40} business />
      <div class="panel-title"><h3>${account.name}</h3><span class="hint">${account.username} · ${conversations.length} conversation${conversations.length === 1 ? "" : "s"}</span></div>
      <span class="spacer"></span>
      <a class="button small" href="#/world/profile" onClick=${() => shownAccount.set(account.username)}>Messenger profile</a>
      <a class="button small" href="#/world/flows" onClick=${() => shownAccount.set(account.username)}>Flows and ads</a>`}>
      <div class="panel-body columns">
        <div>
          <dl class="facts">
            <${Fact} name="IG id" text=${account.id} label=${`the IG id of ${account.username}`} />
            <${Fact} name="Page id" text=${account.page_id} label=${`the page id of ${account.username}`} />
            ${all.apps.map((app) => html`
              <${Fact} name="Instagram token" note=${`of ${app.name}`} text=${account.tokens[app.id]?.instagram} label=${`the Instagram token of ${app.name} for ${account.username}`} />
              <${Fact} name="Page token" note=${`of ${app.name}`} text=${account.tokens[app.id]?.page} label=${`the page token of ${app.name} for ${account.username}`} />`)}
          </dl>
        </div>
        <div>
          <${Switch} label="Connected tools may read messages" hint="The owner’s switch; off answers 200 / 2534041." on=${account.message_access} change=${(/** @type {boolean} */ on) => change({ message_access: on })} />
          <${Switch} label="Has Instagram Messaging" hint="Off answers 36103: not eligible." on=${account.eligible} change=${(/** @type {boolean} */ on) => change({ eligible: on })} />
          <${Switch} label="Declares automated answers" hint="The person’s inbox then says so." on=${account.automated} change=${(/** @type {boolean} */ on) => change({ automated: on })} />
          <${Form} action="Save" primary=${false} label=${`Change ${account.username}`} submit=${async (/** @type {Record<string, string>} */ values) => {
            await sim("PATCH", `/accounts/${encodeURIComponent(account.username)}`, { name: values.name, kind: values.kind, followers_count: Number(values.followers_count) });
            await loadWorld();
            tell(`${account.username} is changed.`);
          }}>
            <div class="form-fields"><${TextField} name="name" label="Name" required value=${account.name} />
              <${SelectField} name="kind" label="Kind" value=${account.kind} options=${[{ value: "business", words: "Business" }, { value: "creator", words: "Creator" }]} />
              <${TextField} name="followers_count" label="Followers" type="number" min=${0} required value=${account.followers_count} /></div>
          </${Form}>
        </div>
      </div>
      ${conversations.length > 0 && html`<${OwnersInbox} account=${account} conversations=${conversations} />`}
    </${Panel}>`;
}

/** @param {{ account: Account, conversations: ConversationState[] }} props */
const OwnersInbox = ({ account, conversations }) => html`
  <div class="panel-body">
    <h4>The owner’s inbox</h4>
    <ul class="list">
      ${conversations.map((conversation) => {
        const path = `/accounts/${encodeURIComponent(account.username)}/inbox/${encodeURIComponent(conversation.id)}`;
        /** @param {string} act @param {object} body @param {string} words */
        const act = (act, body, words) => () =>
          attempt(async () => {
            await sim("POST", `${path}/${act}`, body);
            await loadWorld();
            tell(words);
          });
        const who = conversation.person ?? conversation.igsid;
        const other = conversation.folder === "primary" ? "general" : "primary";
        return html`<li key=${conversation.id}>
          <span class="list-words"><b>${who}</b><span class="hint">in ${conversation.folder}</span></span>
          ${conversation.folder === "requests"
            ? html`<button class="button small" type="button" aria-label=${`Accept the request of ${who}`} onClick=${act("accept", {}, "The request is accepted.")}>Accept</button>
                <button class="button small danger" type="button" aria-label=${`Decline the request of ${who}`} onClick=${act("decline", {}, "The request is declined.")}>Decline</button>`
            : html`<button class="button small" type="button" aria-label=${`Move to ${other}: ${who}`} onClick=${act("move", { folder: other }, `Moved to ${other}.`)}>Move to ${other}</button>`}
          <form class="row" aria-label=${`Answer ${who} in the app`} onSubmit=${(/** @type {any} */ event) => {
            event.preventDefault();
            const field = event.currentTarget.elements.namedItem("text");
            void act("send", { text: field.value }, "Sent as the owner, in the app.")().then(() => (field.value = ""));
          }}>
            <label class="field"><span class="unseen">Text to ${who} as the owner</span><input name="text" required placeholder="Answer in the app" /></label><button class="button small" type="submit">Send</button>
          </form>
        </li>`;
      })}
    </ul>
  </div>`;
