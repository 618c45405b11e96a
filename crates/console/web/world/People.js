// The customers.
import { html } from "../html.js";
import { become } from "../state/inbox.js";
import { attempt, tell } from "../state/notice.js";
import { go } from "../state/route.js";
import { sim } from "../state/sim.js";
import { loadWorld } from "../state/world.js";
import { Avatar } from "../shell/Avatar.js";
import { Form, Switch, TextField } from "../shell/Form.js";
import { Fact, Panel, Section } from "./Section.js";

/** @param {{ all: World }} props */
export const People = ({ all }) => html`
  <${Section} title="People" about="Customers. Each account knows them by an id of its own, the IGSID.">
    ${all.people.map((person) => html`<${PersonPanel} key=${person.username} person=${person} all=${all} />`)}
    <${Panel} head=${html`<h3>Make a person</h3>`}>
      <div class="panel-body"><${Form} action="Make them" done="The person is there: the phone can be theirs." label="Make a person" submit=${make}>
        <div class="form-fields"><${TextField} name="username" label="Username" required placeholder="dora.customer" /><${TextField} name="name" label="Name" placeholder="Dora Lind" />
          <${TextField} name="locale" label="Locale" placeholder="en_US" /></div>
      </${Form}></div>
    </${Panel}>
  </${Section}>`;

/** @param {Record<string, string>} values @param {HTMLFormElement} form */
async function make(values, form) {
  await sim("POST", "/people", values);
  await loadWorld();
  form.reset();
}

/** @param {{ person: Person, all: World }} props */
function PersonPanel({ person, all }) {
  /** @param {object} body */
  const change = async (body) => {
    await sim("PATCH", `/people/${encodeURIComponent(person.username)}`, body);
    await loadWorld();
  };
  /** @param {Account} account @param {boolean} on */
  const followed = (account, on) =>
    attempt(async () => {
      await sim("POST", `/accounts/${encodeURIComponent(account.username)}/${on ? "follow" : "unfollow"}`, { person: person.username });
      await loadWorld();
    });
  return html`
    <${Panel} head=${html`
      <${Avatar} name=${person.name || person.username} url=${person.picture} size=${40} />
      <div class="panel-title"><h3>${person.name || person.username}</h3><span class="hint">${person.username} · ${person.locale}</span></div>
      <span class="spacer"></span>
      <button class="button small" type="button" onClick=${() => {
        become(person.username);
        go("phone");
      }}>Use their phone</button>`}>
      <div class="panel-body columns">
        <div>
          <dl class="facts">${all.accounts.map((account) => html`<${Fact} name=${account.username} text=${person.igsids[account.username]} label=${`the IGSID of ${person.username} for ${account.username}`} />`)}</dl>
          <${Switch} label="Private profile" hint="A story mention by them is not heard of unless the account follows them." on=${person.private} change=${(/** @type {boolean} */ on) => attempt(() => change({ private: on }))} />
          <${Switch} label="Verified" on=${person.verified} change=${(/** @type {boolean} */ on) => attempt(() => change({ verified: on }))} />
          ${all.accounts.map((account) => html`<${Switch} label=${`${account.username} follows them`} on=${person.followed_by.includes(account.username)} change=${(/** @type {boolean} */ on) => followed(account, on)} />`)}
        </div>
        <${Form} action="Save" primary=${false} label=${`Change ${person.username}`} submit=${async (/** @type {Record<string, string>} */ values) => {
          await change({ name: values.name ?? null, locale: values.locale, follower_count: Number(values.follower_count), ...(values.picture ? { picture: values.picture } : {}) });
          tell(`${person.username} is changed.`);
        }} more=${person.picture && html`<button class="button danger" type="button" onClick=${() => attempt(() => change({ picture: null }))}>Take the picture away</button>`}>
          <div class="form-fields"><${TextField} name="name" label="Name" value=${person.name} /><${TextField} name="locale" label="Locale" value=${person.locale} required />
            <${TextField} name="follower_count" label="Followers" type="number" min=${0} required value=${person.follower_count} /><${TextField} name="picture" label="New picture, by URL" type="url" wide /></div>
        </${Form}>
      </div>
    </${Panel}>`;
}
