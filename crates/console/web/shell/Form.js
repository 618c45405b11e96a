// Forms: what was refused is told where it was asked.
import { html, useState } from "../html.js";
import { tell } from "../state/notice.js";

/**
 * @param {{ submit: (values: Record<string, string>, form: HTMLFormElement) => Promise<unknown>, action: string, done?: string, primary?: boolean, children?: any, more?: any, label?: string }} props
 * `submit` gets the fields by name, without those that are empty or not ticked; `done` is told when it is through; `more` stands beside the button
 */
export function Form({ submit, action, done, primary = true, children, more, label }) {
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  /** @param {SubmitEvent} event */
  const run = async (event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    setBusy(true);
    setError("");
    try {
      const values = [...new FormData(form)].filter(([, value]) => typeof value === "string" && value !== "");
      await submit(/** @type {Record<string, string>} */ (Object.fromEntries(values)), form);
      if (done) tell(done);
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    }
    setBusy(false);
  };
  return html`
    <form class="form" onSubmit=${run} aria-label=${label}>
      ${children}
      ${error && html`<p class="form-error" role="alert">${error}</p>`}
      <div class="form-actions"><button class="button" data-primary=${primary || undefined} type="submit" disabled=${busy}>${action}</button>${more}</div>
    </form>`;
}

/** @param {{ name: string, label: string, value?: string | number, type?: string, required?: boolean, placeholder?: string, wide?: boolean, min?: number, max?: number, maxlength?: number }} props */
export const TextField = ({ name, label, value = "", type = "text", wide, ...rest }) => html`
  <label class="field ${wide ? "wide" : ""}"><span>${label}</span><input name=${name} type=${type} defaultValue=${value} autocomplete="off" spellcheck=${false} ...${rest} /></label>`;

/** @param {{ name: string, label: string, value?: string, options: { value: string, words: string }[], onChange?: (value: string) => void }} props */
export const SelectField = ({ name, label, value, options, onChange }) => html`
  <label class="field"><span>${label}</span>
    <select name=${name} onChange=${(/** @type {any} */ event) => onChange?.(event.currentTarget.value)}>
      ${options.map((option) => html`<option value=${option.value} selected=${option.value === value}>${option.words}</option>`)}
    </select></label>`;

/**
 * A switch that takes effect at once.
 * @param {{ label: string, hint?: string, on: boolean, change: (on: boolean) => unknown }} props
 */
export const Switch = ({ label, hint, on, change }) => html`
  <label class="check"><input type="checkbox" checked=${on} onChange=${(/** @type {any} */ event) => change(event.currentTarget.checked)} />
    <span>${label}${hint && html`<span class="hint">${hint}</span>`}</span></label>`;
