// What the tests run against: the real binary on a folder of its own, a browser, and an endpoint that hears webhooks.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = new URL("../../../", import.meta.url);
const require = createRequire(new URL("target/console-tests/", root));
const { chromium } = require("playwright-core");

/** The source of the accessibility scanner. */
export const axe = require.resolve("axe-core/axe.min.js");
export const repository = fileURLToPath(root);

/** Starts a sandbox; `stop` ends it and removes its folder. */
export async function startSandbox(...more) {
  const folder = await mkdtemp(join(tmpdir(), "posthaste-console-"));
  const binary = process.env.POSTHASTE_BIN ?? fileURLToPath(new URL("target/ci/posthaste", root));
  const child = spawn(binary, ["sandbox", "--data", folder, "--listen", "127.0.0.1:0", ...more], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  const url = await new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (data) => {
      text += data;
      const found = /on (http:\/\/[^\s]+)/.exec(text);
      if (found) resolve(found[1]);
    });
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`the sandbox ended with ${code}: ${text}`)));
  });
  /** A call of the sandbox; the answer must be a success. */
  const call = async (method, path, body, token) => {
    const headers = { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) };
    const answer = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === "" ? null : JSON.parse(text);
  };
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  return { url, call, stop };
}

/** The demo world's shop with the id by which it knows Ana, its token, and the demo app. */
export async function demo(sandbox) {
  const world = await sandbox.call("GET", "/sim/world");
  const [shop, cafe] = world.accounts;
  const [app] = world.apps;
  const ana = world.people[0];
  const igsid = ana.igsids[shop.username];
  const token = shop.tokens.instagram;
  const send = (message) => sandbox.call("POST", "/v25.0/me/messages", { recipient: { id: igsid }, message }, token);
  return { world, shop, cafe, app, ana, igsid, token, send };
}

/** An endpoint for webhooks: `received` are the bodies; `answer` is the status that it gives. */
export async function startReceiver() {
  const received = [];
  const waiting = [];
  const receiver = { received, answer: 200, url: "", next: () => new Promise((resolve) => waiting.push(resolve)), stop: () => new Promise((resolve) => server.close(resolve).closeAllConnections()) };
  const server = createServer((request, response) => {
    const challenge = new URL(request.url, "http://receiver").searchParams.get("hub.challenge");
    if (challenge !== null) return response.end(challenge);
    let text = "";
    request.on("data", (data) => (text += data));
    request.on("end", () => {
      received.push(JSON.parse(text));
      response.statusCode = receiver.answer;
      response.end("EVENT_RECEIVED");
      waiting.shift()?.(received.at(-1));
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  receiver.url = `http://127.0.0.1:${server.address().port}/webhook`;
  return receiver;
}

export async function startBrowser() {
  const executablePath = process.env.POSTHASTE_CHROMIUM ?? "/usr/bin/chromium";
  const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  // A microphone that hums, so that voice messages can be recorded.
  const microphone = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];
  return chromium.launch({ executablePath, args: [...asRoot, ...microphone] });
}

/**
 * A page of the console in a context of its own. What the browser complains of (a script that failed, a policy that was
 * broken) is gathered in `page.complaints`.
 */
export async function openConsole(browser, sandbox, { hash = "", live = true, store = {}, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB", permissions: ["clipboard-read", "clipboard-write", "microphone"], ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  page.on("console", (message) => {
    const text = message.text();
    // A call that is refused, or a picture that is not there, is told to the user; the browser notes it too.
    if (message.type() === "error" && !text.startsWith("Failed to load resource")) page.complaints.push(text);
  });
  await page.addInitScript((kept) => {
    for (const [name, value] of Object.entries(kept)) {
      if (localStorage.getItem(`posthaste.${name}`) === null) localStorage.setItem(`posthaste.${name}`, JSON.stringify(value));
    }
  }, store);
  await page.goto(`${sandbox.url}/console/${hash}`);
  if (live) await page.locator('.live[data-state="live"]').waitFor({ state: "attached" });
  return page;
}
