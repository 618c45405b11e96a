// Times as people read them.

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const seconds = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short" });
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** @param {string | number} at */
export const clockTime = (at) => clock.format(new Date(at));
/** @param {string | number} at */
export const exactTime = (at) => seconds.format(new Date(at));
/** @param {string | number} at */
export const dayOf = (at) => day.format(new Date(at));
/** @param {string | number} at */
export const wholeTime = (at) => whole.format(new Date(at));

/**
 * A span such as `1 d 1 h`, with at most two parts.
 * @param {number} milliseconds
 */
export function span(milliseconds) {
  const total = Math.round(Math.abs(milliseconds) / 1000);
  const parts = [
    [Math.floor(total / 86400), "d"],
    [Math.floor(total / 3600) % 24, "h"],
    [Math.floor(total / 60) % 60, "min"],
    [total % 60, "s"],
  ];
  const first = parts.findIndex(([n]) => Number(n) > 0);
  if (first < 0) return "0 s";
  return parts
    .slice(first, first + 2)
    .filter(([n]) => Number(n) > 0)
    .map(([n, unit]) => `${n} ${unit}`)
    .join(" ");
}

/**
 * How long something took.
 * @param {number} micros
 */
export function took(micros) {
  if (micros < 1000) return `${micros} µs`;
  if (micros < 1_000_000) return `${(micros / 1000).toFixed(micros < 10_000 ? 1 : 0)} ms`;
  return `${(micros / 1_000_000).toFixed(1)} s`;
}

/**
 * @param {string} at
 * @param {number} now
 */
export function ago(at, now) {
  const passed = now - Date.parse(at);
  if (passed < 45_000) return "now";
  if (passed < 3_600_000) return `${Math.round(passed / 60_000)} min`;
  if (passed < 86_400_000) return `${Math.round(passed / 3_600_000)} h`;
  return `${Math.round(passed / 86_400_000)} d`;
}
