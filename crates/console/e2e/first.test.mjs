// A newcomer: from the first start to the first message, and on to the webhook.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openConsole, startBrowser, startReceiver, startSandbox } from "./sandbox.mjs";

let sandbox, browser, receiver;

before(async () => {
  [sandbox, browser, receiver] = await Promise.all([startSandbox(), startBrowser(), startReceiver()]);
});
after(async () => {
  await browser?.close();
  await sandbox?.stop();
  await receiver?.stop();
});

test("the first start leads to a message, an answer, a webhook and a shut window", async () => {
  const page = await openConsole(browser, sandbox);
  const steps = page.getByRole("region", { name: "First steps" });
  await steps.getByRole("button", { name: "Send a first message" }).click();
  await page.getByRole("log").getByText("Is the blue mug still there?").waitFor();
  await steps.getByRole("heading", { name: "(done)" }).nth(0).waitFor();
  await steps.getByRole("button", { name: "Send the answer" }).click();
  await page.getByRole("log").getByText("Shall I keep one for you?").waitFor();
  await steps.getByRole("heading", { name: "(done)" }).nth(1).waitFor();
  await steps.getByRole("textbox", { name: "Callback URL" }).fill(receiver.url);
  await steps.getByRole("button", { name: "Set the callback" }).click();
  await steps.getByRole("heading", { name: "(done)" }).nth(2).waitFor();
  const heard = receiver.next();
  await page.getByRole("textbox", { name: "Message to posthaste.shop" }).fill("Yes please");
  await page.keyboard.press("Enter");
  assert.equal((await heard).entry[0].messaging[0].message.text, "Yes please");
  await steps.getByRole("button", { name: "Move the clock by 25 hours" }).click();
  await page.getByRole("heading", { name: "You have seen it all work" }).waitFor();
  await steps.getByRole("button", { name: "Send the answer" }).click();
  await page.locator('.notice[data-kind="error"]', { hasText: "outside of allowed window" }).waitFor();
  await steps.getByRole("button", { name: "Put these steps away" }).click();
  await page.getByText("Select a trace to see its request").waitFor();
  await page.reload();
  await page.getByText("Select a trace to see its request").waitFor();
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a browser that asks for the sandbox is led to the console", async () => {
  const page = await openConsole(browser, sandbox, { live: false });
  await page.goto(`${sandbox.url}/`);
  assert.equal(new URL(page.url()).pathname, "/console/");
  await page.context().close();
});

test("a sandbox with a token asks for it", async () => {
  const shut = await startSandbox("--sim-token", "open sesame");
  try {
    const page = await openConsole(browser, shut, { live: false });
    await page.getByRole("heading", { name: "This sandbox asks for its token" }).waitFor();
    await page.getByLabel("Token").fill("wrong");
    await page.getByRole("button", { name: "Open the console" }).click();
    await page.getByRole("heading", { name: "This sandbox asks for its token" }).waitFor();
    await page.getByLabel("Token").fill("open sesame");
    await page.getByRole("button", { name: "Open the console" }).click();
    await page.getByRole("textbox", { name: "Message to posthaste.shop" }).waitFor();
    await page.locator('.live[data-state="live"]').waitFor();
    await page.context().close();
  } finally {
    await shut.stop();
  }
});
