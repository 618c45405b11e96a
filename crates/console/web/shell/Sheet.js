// A sheet that slides over what it belongs to. It takes the focus, keeps it, and gives it back.
import { html, useEffect, useRef } from "../html.js";
import { Icon } from "./icons.js";

const FOCUSABLE = "button:not([disabled]), input:not([disabled]), select, textarea, a[href]";

/** @param {{ title: string, close: () => void, children?: any }} props */
export function Sheet({ title, close, children }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    const all = place.current?.querySelectorAll(FOCUSABLE);
    const first = /** @type {HTMLElement | undefined} */ (all?.[1] ?? all?.[0]);
    first?.focus();
    return () => before?.focus?.();
  }, []);
  /** @param {KeyboardEvent} event */
  const keys = (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
    if (event.key !== "Tab") return;
    const all = /** @type {HTMLElement[]} */ ([...(place.current?.querySelectorAll(FOCUSABLE) ?? [])]);
    const end = event.shiftKey ? all[0] : all[all.length - 1];
    if (document.activeElement !== end) return;
    event.preventDefault();
    (event.shiftKey ? all[all.length - 1] : all[0])?.focus();
  };
  return html`
    <div class="sheet-shade" onClick=${(/** @type {any} */ event) => event.target === event.currentTarget && close()}>
      <div class="sheet" role="dialog" aria-modal="true" aria-label=${title} ref=${place} onKeyDown=${keys}>
        <header class="sheet-head"><h2>${title}</h2>
          <button class="icon-button small" type="button" aria-label="Close" onClick=${close}><${Icon} name="close" size=${16} /></button></header>
        <div class="sheet-body">${children}</div>
      </div>
    </div>`;
}
