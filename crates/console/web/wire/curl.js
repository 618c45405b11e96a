// Requests as commands for a shell, and sent once more.
import { tokenOf } from "../state/world.js";

/** Headers that curl or the browser sets by itself. */
const OWN = new Set(["host", "content-length", "connection", "accept-encoding", "user-agent", "origin", "referer"]);

/**
 * In single quotes for a POSIX shell.
 * @param {string} text
 */
export const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

/** @param {Attempt} attempt */
export function webhookCurl({ url, headers, body }) {
  const lines = Object.entries(headers)
    .filter(([name]) => !OWN.has(name))
    .map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  return [`curl -s ${quoted(url)}`, ...lines, `--data-binary ${quoted(body)}`].join(" \\\n  ");
}

/** @param {Entry} act */
export function simCurl(act) {
  const method = act.method === "POST" ? "" : `-X ${act.method} `;
  return `curl -s ${method}${location.origin}${act.path} -d ${quoted(act.body)}`;
}

/**
 * An answer to a person, as a program sends it.
 * @param {Account} account
 * @param {string} igsid
 */
export function sendCurl(account, igsid) {
  const body = { recipient: { id: igsid }, message: { text: "It is! Shall I keep one for you?" } };
  const lines = [`-H ${quoted(`Authorization: Bearer ${tokenOf(account)}`)}`, "-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(body))}`];
  return [`curl -s ${location.origin}/v25.0/me/messages`, ...lines].join(" \\\n  ");
}

/**
 * The log has no secrets: the token of the account that was meant stands in.
 * @param {LoggedRequest} request
 * @param {World | null} world
 */
function tokenFor(request, world) {
  const accounts = world?.accounts ?? [];
  const first = request.path.split("/").filter(Boolean).find((part) => !/^v\d/.test(part)) ?? "";
  const app = world?.apps.find((known) => known.id === first || known.instagram_app_id === first);
  if (app) return app.app_access_token;
  const isFacebook = request.host.includes("facebook");
  const named = accounts.find((account) => account.id === first || account.page_id === first);
  const account = named ?? accounts.find((known) => Boolean(known.page_id) === isFacebook) ?? accounts[0];
  return account ? tokenOf(account) : "";
}

/**
 * The request with its secrets put back.
 * @param {LoggedRequest} request
 * @param {World | null} world
 */
function whole(request, world) {
  const token = tokenFor(request, world);
  /** @param {string} text */
  const put = (text) => text.replace(new RegExp(`(access_token["']?\\s*[=:]\\s*["']?)\\*\\*\\*`, "g"), `$1${token}`);
  const target = put(`${request.path}${request.query ? `?${request.query}` : ""}`);
  const headers = Object.entries(request.headers)
    .filter(([name]) => !OWN.has(name) && !name.startsWith("sec-") && name !== "accept-language")
    .map(([name, value]) => [name, name === "authorization" ? `Bearer ${token}` : value]);
  return { target, headers, body: put(request.body) };
}

/**
 * @param {LoggedRequest} request
 * @param {World | null} world
 */
export function graphCurl(request, world) {
  const { target, headers, body } = whole(request, world);
  const method = request.method === (body ? "POST" : "GET") ? "" : `-X ${request.method} `;
  const lines = headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  return [`curl -s ${method}${quoted(`${location.origin}${target}`)}`, ...lines, ...(body ? [`--data-binary ${quoted(body)}`] : [])].join(" \\\n  ");
}

/**
 * Sends it again; answers the status.
 * @param {LoggedRequest} request
 * @param {World | null} world
 */
export async function sendAgain(request, world) {
  const { target, headers, body } = whole(request, world);
  const answer = await fetch(target, {
    method: request.method,
    headers: Object.fromEntries(headers),
    body: request.method === "GET" || request.method === "HEAD" ? undefined : body,
  });
  return answer.status;
}

