// Light or dark: as the system has it, unless one was chosen.
import { createKeptStore } from "./store.js";

/** @type {import("./store.js").Store<"system" | "light" | "dark">} */
export const theme = createKeptStore("theme", /** @type {"system" | "light" | "dark"} */ ("system"));

function apply() {
  const chosen = theme.get();
  if (chosen === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}

theme.listen(apply);
apply();

export const isDark = () =>
  theme.get() === "dark" || (theme.get() === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
