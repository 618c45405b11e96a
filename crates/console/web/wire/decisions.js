// Which rules a request or act passed, and which it did not: told by the error's name, or by what came of it.
import { clockTime, dayOf } from "../state/time.js";
import { bodyOf, words } from "./titles.js";

/** @typedef {{ allows: boolean, words: string, why?: string }} Decision */

/**
 * @param {Trace} trace
 * @param {LoggedRequest | null} request
 * @returns {Decision[]}
 */
export function decisions(trace, request) {
  const { head, changes } = trace;
  if (!head) return [];
  /** @type {Decision[]} */
  const made = [];
  if (head.type === "request") {
    if (head.operation) made.push({ allows: true, words: `The token may call ${head.operation}` });
    if (head.error) {
      const error = request?.response?.error;
      const code = error ? ` (${[error.code, error.error_subcode].filter(Boolean).join(" / ")})` : "";
      const why = [error?.message, error?.error_user_msg, error?.error_data?.details].filter((text) => typeof text === "string");
      made.push({ allows: false, words: `${words(head.error)}${code}`, why: why.join(" ") });
      return made;
    }
  }
  if (head.status >= 400) {
    const error = head.response?.error;
    made.push({ allows: false, words: error?.message ?? "Refused", why: error?.parameter && `parameter: ${error.parameter}` });
    return made;
  }
  const change = changes.find((known) => known.window_until !== undefined);
  if (!change) return made;
  const until = change.window_until && `${dayOf(change.window_until)}, ${clockTime(change.window_until)}`;
  if (change.from === "account" && head.type === "request") {
    const tag = bodyOf(request ? { ...head, body: request.body } : head).tag;
    made.push({ allows: true, words: "The person wrote before, and has not blocked the account" });
    made.push({ allows: true, words: tag === "HUMAN_AGENT" ? "A human agent may answer for 7 days" : `The window is open until ${until}` });
    if (change.type === "message") made.push({ allows: true, words: `Answered by an app: the conversation lies in ${change.folder}` });
  } else if (change.from === "person") {
    made.push({ allows: true, words: "The person has not blocked the account" });
    if (until && !["seen", "typing", "edit", "unsend"].includes(change.type)) {
      made.push({ allows: true, words: `This opens the window until ${until}` });
    }
  }
  return made;
}
