// For everybody: a scan of every part in light and dark and at phone width, and the whole way by keyboard.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, demo, openConsole, startBrowser, startReceiver, startSandbox } from "./sandbox.mjs";

let sandbox, browser, receiver;

before(async () => {
  [sandbox, browser, receiver] = await Promise.all([startSandbox(), startBrowser(), startReceiver()]);
  const { app, shop, token, igsid, send } = await demo(sandbox);
  await sandbox.call("POST", `/v25.0/${app.instagram_app_id}/subscriptions`, { object: "instagram", callback_url: receiver.url, verify_token: "x" }, app.app_access_token);
  const { mid } = await sandbox.call("POST", "/sim/people/ana.customer/send", { to: shop.username, text: "Is the mug still there?" });
  await sandbox.call("POST", "/sim/people/ana.customer/send", { to: shop.username, text: "The blue one", reply_to: { mid } });
  await sandbox.call("POST", "/v25.0/me/messages", { recipient: { id: igsid }, sender_action: "react", payload: { message_id: mid, reaction: "love" } }, token);
  await send({ attachment: { type: "image", payload: { url: shop.media[0].url } } });
  const element = { title: "Mug", subtitle: "Blue", image_url: shop.media[0].url, buttons: [{ type: "postback", title: "Buy", payload: "BUY" }] };
  await send({ attachment: { type: "template", payload: { template_type: "generic", elements: [element, element] } } });
  await send({ text: "Shall we keep one?", quick_replies: [{ content_type: "text", title: "Yes", payload: "YES" }] });
  const { flow_id } = await sandbox.call("POST", "/v25.0/me/welcome_message_flows", { name: "Summer", eligible_platforms: ["instagram"], welcome_message_flow: [{ message: { text: "Hi" } }] }, token);
  await sandbox.call("POST", "/sim/ads", { account: shop.username, flow: flow_id, title: "Mugs" });
  await sandbox.call("POST", "/sim/faults", { on: "webhook", drop: 0.01 });
});
after(async () => {
  await browser?.close();
  await sandbox?.stop();
  await receiver?.stop();
});

/** Nothing serious, and nothing critical: what the scanner found, in words. */
async function scan(page, where) {
  // What moves in or out is scanned when it has come to rest.
  await page.evaluate(() => Promise.all(document.getAnimations().filter((one) => one.effect?.getComputedTiming().iterations !== Infinity).map((one) => one.finished.catch(() => {}))));
  // By the browser's own tools: the page's policy lets no other script in.
  const session = await page.context().newCDPSession(page);
  const source = await import("node:fs").then((fs) => fs.promises.readFile(axe, "utf8"));
  await session.send("Runtime.evaluate", { expression: source });
  const { result } = await session.send("Runtime.evaluate", {
    expression: "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }).then((found) => JSON.stringify(found.violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.slice(0, 3).map((node) => node.html.slice(0, 160) + ' ' + (node.any[0]?.message ?? '')) }))))",
    awaitPromise: true,
    returnByValue: true,
  });
  const found = JSON.parse(result.value).filter(({ impact }) => impact === "serious" || impact === "critical");
  assert.deepEqual(found, [], where);
}

/** No part is wider than the screen. */
async function fits(page, where) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${where} is ${wide} pixels too wide`);
}

const PARTS = ["phone", "wire", "world/accounts", "world/people", "world/apps", "world/tokens", "world/profile", "world/flows", "world/clock", "world/faults"];
const SCREENS = [
  { name: "light", options: {} },
  { name: "dark", options: { colorScheme: "dark" } },
  { name: "phone width", options: { viewport: { width: 390, height: 844 }, hasTouch: true } },
];

for (const { name, options } of SCREENS) {
  test(`a scan finds nothing serious: ${name}`, async () => {
    const page = await openConsole(browser, sandbox, options);
    for (const part of PARTS) {
      await page.evaluate((to) => (location.hash = `#/${to}`), part);
      await page.waitForTimeout(150);
      await scan(page, `${part}, ${name}`);
      await fits(page, `${part}, ${name}`);
    }
    // What opens over the rest.
    await page.evaluate(() => (location.hash = "#/phone"));
    await page.getByRole("button", { name: "Send something else than text" }).click();
    await scan(page, `the sheet, ${name}`);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /^About Posthaste Shop/ }).click();
    await scan(page, `the account, ${name}`);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Back to the conversations" }).click();
    await scan(page, `the conversations, ${name}`);
    await page.getByRole("button", { name: /The world's clock/ }).click();
    await scan(page, `the clock, ${name}`);
    await page.keyboard.press("Escape");
    await page.evaluate(() => (location.hash = "#/wire"));
    await page.locator(".trace-row", { hasText: "Shall we keep one?" }).click();
    await page.getByText("Attempt 1").waitFor();
    await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
    await scan(page, `a trace, ${name}`);
    await fits(page, `a trace, ${name}`);
    await page.evaluate(() => (location.hash = "#/world/flows"));
    await page.getByRole("button", { name: "New flow" }).click();
    await scan(page, `the flow editor, ${name}`);
    await fits(page, `the flow editor, ${name}`);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
}

test("everything is done by keyboard, and what opens gives the focus back", async () => {
  const page = await openConsole(browser, sandbox, { store: { "first-steps-put-away": true } });
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent?.trim());
  const isOn = (name) => page.waitForFunction((wanted) => document.activeElement?.getAttribute("aria-label") === wanted, name);
  const tabTo = async (name) => {
    for (let presses = 0; presses < 80; presses += 1) {
      await page.keyboard.press("Tab");
      if ((await focused()) === name) return;
    }
    assert.fail(`no way by keyboard to ${name}`);
  };
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Skip to the content");
  await tabTo("Message to posthaste.shop");
  await page.keyboard.type("By keyboard");
  await page.keyboard.press("Enter");
  await page.getByRole("log").getByText("By keyboard").waitFor();
  await isOn("Message to posthaste.shop");
  await page.keyboard.press("Shift+Tab");
  await isOn("Send something else than text");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Send" }).waitFor();
  // The focus stays within.
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press("Tab");
    assert.ok(await page.evaluate(() => Boolean(document.activeElement?.closest("[role=dialog]"))), "the focus left the sheet");
  }
  await page.keyboard.press("Escape");
  await page.getByRole("dialog", { name: "Send" }).waitFor({ state: "detached" });
  await isOn("Send something else than text");
  await page.getByRole("button", { name: "Actions for “By keyboard”" }).focus();
  await page.keyboard.press("Enter");
  await isOn("React with ❤️");
  await page.keyboard.press("Enter");
  await page.getByLabel(/You reacted with/).waitFor();
  await page.context().close();
});

test("light and dark are chosen and kept", async () => {
  const page = await openConsole(browser, sandbox);
  const ground = () => page.evaluate(() => getComputedStyle(document.querySelector(".topbar")).backgroundColor);
  const light = await ground();
  await page.getByRole("button", { name: "Use dark colours" }).click();
  const dark = await ground();
  assert.notEqual(light, dark);
  await page.reload();
  await page.getByRole("button", { name: "Use light colours" }).waitFor();
  assert.equal(await ground(), dark);
  await page.context().close();
});

test("at phone width the parts are at the thumb", async () => {
  const page = await openConsole(browser, sandbox, { viewport: { width: 390, height: 844 }, hasTouch: true });
  const bar = page.getByRole("navigation", { name: "Parts of the console, below" });
  await page.getByRole("textbox", { name: "Message to posthaste.shop" }).fill("From a small screen");
  await page.getByRole("button", { name: "Send", exact: true }).tap();
  await page.getByRole("log").getByText("From a small screen").waitFor();
  await bar.getByRole("link", { name: "Wire" }).tap();
  await page.locator(".trace-row", { hasText: "From a small screen" }).tap();
  await page.getByRole("heading", { name: "ana.customer writes to posthaste.shop" }).waitFor();
  await page.getByRole("button", { name: "Back to the list" }).tap();
  await bar.getByRole("link", { name: "World" }).tap();
  await page.getByRole("link", { name: "Faults" }).tap();
  await page.getByRole("heading", { name: "Faults" }).waitFor();
  await page.context().close();
});
