// Calls of the sim and of the Graph API: the same that any program makes.
import { createStore } from "./store.js";

/** The token of `--sim-token`, if this sandbox has one; kept for this tab only. */
const KEY = "posthaste.sim-token";
let simToken = sessionStorage.getItem(KEY) ?? "";

/** Whether the sim wants a token that it was not given. */
export const locked = createStore(false);

/** @param {string} token */
export function unlock(token) {
  simToken = token;
  sessionStorage.setItem(KEY, token);
  locked.set(false);
}

/** @returns {Record<string, string>} */
export function simHeaders() {
  return simToken ? { Authorization: `Bearer ${simToken}` } : {};
}

/** A call that was refused, in the words of the answer. */
export class CallError extends Error {
  /**
   * @param {string} message
   * @param {number} status
   * @param {any} body
   */
  constructor(message, status, body) {
    super(message);
    this.status = status;
    this.body = body;
  }
}

/**
 * @param {string} method
 * @param {string} path below `/sim`, such as `/world`
 * @param {object | FormData} [body]
 * @returns {Promise<any>}
 */
export async function sim(method, path, body) {
  const isForm = body instanceof FormData;
  const headers = simHeaders();
  if (body && !isForm) headers["Content-Type"] = "application/json";
  const answer = await send(`/sim${path}`, { method, headers, body: isForm ? body : body && JSON.stringify(body) });
  if (answer.status === 401) locked.set(true);
  return read(answer);
}

/**
 * @param {string} who
 * @param {string} act such as `send`
 * @param {object | FormData} body
 */
export const play = (who, act, body) => sim("POST", `/people/${encodeURIComponent(who)}/${act}`, body);

/**
 * A request to the Graph API with that token.
 * @param {string} method
 * @param {string} path with version
 * @param {string} token
 * @param {object} [body]
 */
export async function graph(method, path, token, body) {
  /** @type {Record<string, string>} */
  const headers = { Authorization: `Bearer ${token}` };
  if (body) headers["Content-Type"] = "application/json";
  return read(await send(path, { method, headers, body: body && JSON.stringify(body) }));
}

/**
 * @param {string} path
 * @param {RequestInit} request
 */
async function send(path, request) {
  try {
    return await fetch(path, request);
  } catch {
    throw new CallError("The sandbox does not answer. Is it still running?", 0, null);
  }
}

/** @param {Response} answer */
async function read(answer) {
  const text = await answer.text();
  /** @type {any} */
  let body = null;
  try {
    body = text === "" ? null : JSON.parse(text);
  } catch {
    body = text;
  }
  if (answer.ok) return body;
  const error = body?.error;
  throw new CallError(error?.message ?? `The answer was ${answer.status}.`, answer.status, body);
}
