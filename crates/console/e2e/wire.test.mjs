// The wire: one trace for each act, with everything that followed from it.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, beforeEach, test } from "node:test";
import { promisify } from "node:util";
import { demo, openConsole, startBrowser, startReceiver, startSandbox } from "./sandbox.mjs";

let sandbox, browser, receiver, page, world;

before(async () => {
  [sandbox, browser, receiver] = await Promise.all([startSandbox(), startBrowser(), startReceiver()]);
});
after(async () => {
  await browser?.close();
  await sandbox?.stop();
  await receiver?.stop();
});
beforeEach(async () => {
  await page?.context().close();
  await sandbox.call("POST", "/sim/reset", {});
  receiver.answer = 200;
  receiver.received.length = 0;
  world = await demo(sandbox);
  page = await openConsole(browser, sandbox);
});

/** Runs a command that was copied; answers what it prints. */
const shell = async (command) => (await promisify(execFile)("sh", ["-c", command])).stdout;

const hears = () =>
  sandbox.call("POST", `/v25.0/${world.app.instagram_app_id}/subscriptions`, { object: "instagram", callback_url: receiver.url, verify_token: world.app.verify_token }, world.app.app_access_token);
const row = (text) => page.locator(".trace-row", { hasText: text });
const trace = () => page.getByRole("article", { name: "Trace" });
const step = (kind) => trace().locator(".step").filter({ has: page.locator(".step-kind", { hasText: kind }) });

test("what a person writes is followed to the webhook and its signature", async () => {
  await hears();
  await page.getByRole("textbox", { name: "Message to posthaste.shop" }).fill("Are you open?");
  await page.keyboard.press("Enter");
  await row("Are you open?").filter({ hasText: "Delivered" }).click();
  await trace().getByRole("heading", { name: "ana.customer writes to posthaste.shop" }).waitFor();
  await step("Act").getByText("POST /sim/people/ana.customer/send").waitFor();
  await step("Rules").getByText(/This opens the window until/).waitFor();
  await step("State").getByText("Message stored").waitFor();
  const webhook = step("Webhook");
  await webhook.getByText("Attempt 1").waitFor();
  await webhook.getByText(/X-Hub-Signature-256 is right: HMAC-SHA256 of the body with the Instagram app secret of Demo app/).waitFor();
  await webhook.getByText("Sent", { exact: true }).click();
  const payload = webhook.locator(".payload[open]");
  assert.match(await payload.locator(".code").innerText(), /"text": "Are you open\?"/);
  await payload.getByRole("button", { name: "Raw" }).click();
  assert.match(await payload.locator(".code").innerText(), /^\{"object":"instagram"/);
  await payload.getByRole("button", { name: "Headers" }).click();
  assert.match(await payload.locator(".code").innerText(), /x-hub-signature-256: sha256=[0-9a-f]{64}/);
  await step("Response").getByRole("heading", { name: "200 OK" }).waitFor();
  // The copied command makes the same request, signature and all.
  await payload.getByRole("button", { name: "Copy as curl" }).click();
  const command = await page.evaluate(() => navigator.clipboard.readText());
  const before = receiver.received.length;
  const again = receiver.next();
  await shell(command);
  assert.deepEqual(await again, receiver.received[before - 1]);
  // And a replay sends it once more.
  const replayed = receiver.next();
  await webhook.getByRole("button", { name: "Replay" }).click();
  assert.equal((await replayed).entry[0].messaging[0].message.text, "Are you open?");
  await webhook.getByText("Replay", { exact: true }).first().waitFor();
  assert.deepEqual(page.complaints, []);
});

test("a request shows its rules and its echo, goes again, and is copied as a command that works", async () => {
  await hears();
  await world.send({ text: "Yes, until six" });
  await row("Yes, until six").click();
  await step("Request").getByRole("heading", { name: "POST /v25.0/me/messages" }).waitFor();
  await step("Rules").getByText("The token may call POST account/messages").waitFor();
  await step("Webhook").getByText("Delivered").waitFor();
  await step("Request").getByText("Request", { exact: true }).last().click();
  await step("Request").getByRole("button", { name: "Copy as curl" }).click();
  const command = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(await shell(command), /"message_id"/);
  await step("Request").getByRole("button", { name: "Send again" }).click();
  await page.getByText("Sent again: 200.").waitFor();
  const { conversations } = await sandbox.call("GET", "/sim/people/ana.customer/inbox");
  const texts = conversations.find((one) => one.with === "posthaste.shop").messages.map((message) => message.text);
  assert.deepEqual(texts.slice(-3), ["Yes, until six", "Yes, until six", "Yes, until six"]);
});

test("a refusal says which rule refused", async () => {
  await sandbox.call("POST", "/sim/clock", { advance: "25h" });
  await assert.rejects(world.send({ text: "Still there?" }), /2534022/);
  await page.getByRole("button", { name: "Failures" }).click();
  await row("Window closed").click();
  await step("Rules").getByText(/Window closed \(10 \/ 2534022\)/).waitFor();
  await step("Response").getByRole("heading", { name: "403 Refused" }).waitFor();
  assert.match(await step("Response").locator(".code").innerText(), /outside of allowed window/);
});

test("a webhook that fails shows each attempt, and one that is not sent shows why", async () => {
  await sandbox.call("POST", "/sim/people/ana.customer/send", { to: "posthaste.shop", text: "Nobody hears" });
  await row("Nobody hears").filter({ hasText: "Not sent" }).click();
  await step("Webhook").getByRole("heading", { name: "Not sent" }).waitFor();
  await step("Webhook").locator(".reason").waitFor();
  await step("Webhook").getByRole("button", { name: "Apps and callbacks" }).click();
  await page.getByRole("heading", { name: "Apps and webhooks" }).waitFor();
  await page.goBack();
  await hears();
  receiver.answer = 500;
  await sandbox.call("POST", "/sim/people/ana.customer/send", { to: "posthaste.shop", text: "Fails once" });
  await row("Fails once").filter({ hasText: "Failed" }).click();
  await step("Webhook").getByText("Failed, will be tried again").waitFor();
  await step("Webhook").getByText("Attempt 1").waitFor();
  receiver.answer = 200;
  await sandbox.call("POST", "/sim/clock", { advance: "1h" });
  await row("Fails once").filter({ hasText: "Delivered" }).waitFor();
  await step("Webhook").getByText("Attempt 2").waitFor();
});

test("a webhook that was quicker than its message stands with it, not alone", async () => {
  const shown = await page.evaluate(async () => {
    const { absorb, traces } = await import("/console/state/traces.js");
    const at = "2030-01-01T00:00:00Z";
    absorb([{ cursor: "1", type: "delivery", at, id: "9.77.5", topic: "messages", state: "delivered", event: { mid: "x" } }]);
    absorb([{ cursor: "2", type: "message", at, cause: "4000000001", event: "77.5", text: "Late to be told", from: "person" }]);
    absorb([{ cursor: "3", type: "act", at, cause: "4000000001", method: "POST", path: "/sim/people/ana.customer/send", body: "{}", status: 200, response: {} }]);
    const all = traces.get().filter((trace) => trace.at === at);
    return all.map(({ id, head, deliveries }) => ({ id, head: head.path, deliveries: Object.keys(deliveries) }));
  });
  assert.deepEqual(shown, [{ id: "c4000000001", head: "/sim/people/ana.customer/send", deliveries: ["9.77.5"] }]);
});

test("setting a callback shows the handshake", async () => {
  await hears();
  await row("sets a callback").click();
  await step("Handshake").getByRole("heading", { name: "The callback repeated the challenge" }).waitFor();
  assert.match(await step("Handshake").locator(".code").innerText(), /hub\.mode=subscribe/);
});

test("a reset empties it, and a lost connection comes back", async () => {
  await sandbox.call("POST", "/sim/people/ana.customer/send", { to: "posthaste.shop", text: "Before the reset" });
  await row("Before the reset").waitFor();
  await sandbox.call("POST", "/sim/reset", {});
  await row("Before the reset").waitFor({ state: "detached" });
  await page.context().setOffline(true);
  await page.locator('.live[data-state="lost"]').waitFor();
  await page.context().setOffline(false);
  await page.locator('.live[data-state="live"]').waitFor();
  await sandbox.call("POST", "/sim/people/ana.customer/send", { to: "posthaste.shop", text: "After it" });
  await row("After it").waitFor();
});
