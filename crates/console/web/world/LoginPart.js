// Where logins of an app lead, and who has a role in it.
import { html } from "../html.js";
import { sim } from "../state/sim.js";
import { loadWorld } from "../state/world.js";
import { Form, SelectField, TextField } from "../shell/Form.js";

const ROLES = ["administrator", "developer", "tester", "analytics_user", "instagram_tester"];

/** @param {{ app: App, change: (body: object) => Promise<unknown> }} props */
export function LoginPart({ app, change }) {
  /** @param {object} body */
  const save = async (body) => {
    await sim("PATCH", `/apps/${app.id}`, body);
    await loadWorld();
  };
  return html`
    <details class="panel-body fold"><summary>Logins and roles</summary>
      <${Form} action="Save" primary=${false} done="The app is changed." label=${`Login of ${app.name}`} submit=${(/** @type {Record<string, string>} */ values) =>
        save({
          redirect_uris: (values.redirect_uris ?? "").split(/[\s,]+/).filter(Boolean),
          deauthorize_callback: values.deauthorize_callback ?? null,
          data_deletion_callback: values.data_deletion_callback ?? null,
        })}>
        <div class="form-fields">
          <${TextField} name="redirect_uris" label="Redirect addresses, with commas between (loopback needs none)" value=${app.redirect_uris.join(", ")} wide />
          <${TextField} name="deauthorize_callback" label="Called when somebody removes the app" type="url" value=${app.deauthorize_callback ?? ""} />
          <${TextField} name="data_deletion_callback" label="Called when somebody wants their data deleted" type="url" value=${app.data_deletion_callback ?? ""} />
        </div>
      </${Form}>
      ${app.roles.length > 0 &&
      html`<ul class="list">${app.roles.map((role) => html`<li key=${role.user}>
        <span class="list-words"><b>${role.user}</b><span class="hint">${role.role}${role.accepted ? "" : ", not accepted yet"}</span></span>
        <button class="button small danger" type="button" aria-label=${`Take the role of ${role.user} away`} onClick=${() => change({ roles: app.roles.filter((one) => one !== role) })}>Take away</button></li>`)}</ul>`}
      <${Form} action="Give the role" primary=${false} done="The role is given." label=${`Roles in ${app.name}`} submit=${async (/** @type {Record<string, string>} */ values, /** @type {HTMLFormElement} */ form) => {
        await save({ roles: [...app.roles, { user: values.user, role: values.role }] });
        form.reset();
      }}>
        <div class="form-fields"><${TextField} name="user" label="Username, or a Facebook user’s id" required />
          <${SelectField} name="role" label="Role" value="tester" options=${ROLES.map((value) => ({ value, words: value }))} /></div>
      </${Form}>
    </details>`;
}
