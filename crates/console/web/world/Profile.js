// The messenger profile of an account: ice breakers and persistent menu, as the person sees them.
import { html, useState } from "../html.js";
import { IceBreakers } from "../phone/IceBreakers.js";
import { AccountMenu } from "../phone/AccountMenu.js";
import { attempt, tell } from "../state/notice.js";
import { graph } from "../state/sim.js";
import { loadWorld, tokenOf } from "../state/world.js";
import { Form } from "../shell/Form.js";
import { Icon } from "../shell/icons.js";
import { AccountChoice, useShownAccount } from "./AccountChoice.js";
import { Preview } from "./Preview.js";
import { Panel, Section } from "./Section.js";

/** @typedef {{ locale: string, call_to_actions: any[] }} Localized */

/** @param {{ all: World }} props */
export function Profile({ all }) {
  const account = useShownAccount(all);
  return html`
    <${Section} title="Messenger profile" about="Questions that a new conversation offers, and the menu beside the composer. Saved over the Messenger Profile API, as your program would."
      beside=${html`<${AccountChoice} all=${all} account=${account} />`}>
      <${Editor} key=${`breakers ${account.username}`} account=${account} title="Ice breakers" parameter="ice_breakers" most=${4} saved=${account.ice_breakers}
        blank=${() => ({ question: "", payload: "" })} line=${BreakerLine}
        preview=${(/** @type {any[]} */ items) => html`<${IceBreakers} questions=${items} tap=${() => {}} />`} />
      <${Editor} key=${`menu ${account.username}`} account=${account} title="Persistent menu" parameter="persistent_menu" most=${20} saved=${account.persistent_menu}
        blank=${() => ({ type: "postback", title: "", payload: "" })} line=${MenuLine}
        preview=${(/** @type {any[]} */ items) => html`<${AccountMenu} items=${items} tap=${() => {}} />`} />
    </${Section}>`;
}

/** @param {{ account: Account, title: string, parameter: string, most: number, saved: Localized[], blank: () => any, line: any, preview: (items: any[]) => any }} props */
function Editor({ account, title, parameter, most, saved, blank, line: Line, preview }) {
  const [draft, setDraft] = useState(/** @type {Localized[]} */ (saved.length > 0 ? saved : [{ locale: "default", call_to_actions: [blank()] }]));
  const [at, setAt] = useState(0);
  const here = draft[at] ?? draft[0];
  const items = here.call_to_actions;
  /** @param {any[]} next */
  const change = (next) => setDraft(draft.map((entry) => (entry === here ? { ...entry, call_to_actions: next } : entry)));
  const token = tokenOf(account);
  const save = async () => {
    await graph("POST", "/v25.0/me/messenger_profile", token, { platform: "instagram", [parameter]: draft });
    await loadWorld();
  };
  const remove = async () => {
    await graph("DELETE", "/v25.0/me/messenger_profile", token, { platform: "instagram", fields: [parameter] });
    await loadWorld();
    setDraft([{ locale: "default", call_to_actions: [blank()] }]);
    setAt(0);
    tell(`${title}: removed.`);
  };
  const addLocale = () => {
    const locale = ["de_DE", "fr_FR", "es_ES", "pt_BR", "it_IT"].find((name) => !draft.some((entry) => entry.locale === name)) ?? "en_GB";
    setDraft([...draft, { locale, call_to_actions: items.map((item) => ({ ...item })) }]);
    setAt(draft.length);
  };
  const removal = saved.length > 0 && html`<button class="button danger" type="button" onClick=${() => attempt(remove)}>Remove from the account</button>`;
  return html`
    <${Panel} head=${html`<h3>${title}</h3>${saved.length === 0 && html`<span class="badge">none saved</span>`}<span class="spacer"></span>
      <div class="segments" role="group" aria-label=${`${title}: language`}>
        ${draft.map((entry, number) => html`<button type="button" aria-pressed=${number === at} onClick=${() => setAt(number)}>${entry.locale}</button>`)}
        <button type="button" aria-label=${`${title}: another language`} onClick=${addLocale}><${Icon} name="plus" size=${13} /></button></div>`}>
      <div class="panel-body"><div class="editor">
        <${Form} action="Save" done=${`${title}: saved.`} label=${title} submit=${save} more=${removal}>
          ${here.locale !== "default" &&
          html`<div class="item"><label class="field"><span>Locale</span><input value=${here.locale} required pattern="[a-z]{2,3}_[A-Z]{2}" onInput=${(/** @type {any} */ event) => setDraft(draft.map((entry) => (entry === here ? { ...entry, locale: event.currentTarget.value } : entry)))} /></label>
            <button class="button small danger" type="button" onClick=${() => {
              setDraft(draft.filter((entry) => entry !== here));
              setAt(0);
            }}>Leave this language out</button></div>`}
          ${items.map((item, number) => html`
            <div class="item" key=${number}>
              <${Line} item=${item} number=${number + 1} change=${(/** @type {any} */ next) => change(items.map((one, n) => (n === number ? next : one)))} />
              <button class="icon-button" type="button" aria-label=${`Remove line ${number + 1} of ${title.toLowerCase()}`} disabled=${items.length === 1} onClick=${() => change(items.filter((_, n) => n !== number))}><${Icon} name="trash" size=${16} /></button>
            </div>`)}
          <div><button class="button small" type="button" disabled=${items.length >= most} onClick=${() => change([...items, blank()])}><${Icon} name="plus" size=${14} />Add a line</button></div>
        </${Form}>
        <${Preview} name=${account.name}>${preview(items)}</${Preview}>
      </div></div>
    </${Panel}>`;
}

/** @param {{ item: any, number: number, change: (item: any) => void }} props */
const BreakerLine = ({ item, number, change }) => html`
  <label class="field"><span>Question ${number}</span><input required maxlength="80" value=${item.question} onInput=${(/** @type {any} */ event) => change({ ...item, question: event.currentTarget.value })} /></label>
  <label class="field"><span>Payload</span><input required value=${item.payload} onInput=${(/** @type {any} */ event) => change({ ...item, payload: event.currentTarget.value })} /></label>`;

/** @param {{ item: any, number: number, change: (item: any) => void }} props */
const MenuLine = ({ item, number, change }) => html`
  <label class="field narrow"><span>Kind</span><select onChange=${(/** @type {any} */ event) => change(event.currentTarget.value === "web_url" ? { type: "web_url", title: item.title, url: "" } : { type: "postback", title: item.title, payload: "" })}>
    <option value="postback" selected=${item.type === "postback"}>postback</option><option value="web_url" selected=${item.type === "web_url"}>web page</option></select></label>
  <label class="field"><span>Title ${number}</span><input required maxlength="30" value=${item.title} onInput=${(/** @type {any} */ event) => change({ ...item, title: event.currentTarget.value })} /></label>
  ${item.type === "web_url"
    ? html`<label class="field"><span>URL</span><input type="url" required value=${item.url} onInput=${(/** @type {any} */ event) => change({ ...item, url: event.currentTarget.value })} /></label>`
    : html`<label class="field"><span>Payload</span><input required value=${item.payload} onInput=${(/** @type {any} */ event) => change({ ...item, payload: event.currentTarget.value })} /></label>`}`;
