// Makes the pictures in docs/console anew: node crates/console/e2e/screenshots.mjs
import { join } from "node:path";
import { demo, openConsole, repository, startBrowser, startReceiver, startSandbox } from "./sandbox.mjs";

const [sandbox, browser, receiver] = await Promise.all([startSandbox(), startBrowser(), startReceiver()]);
const { app, shop, token, igsid, send } = await demo(sandbox);
const picture = (index) => shop.media[index]?.url ?? shop.media[0].url;
const say = (body) => sandbox.call("POST", "/sim/people/ana.customer/send", { to: shop.username, ...body });
const file = (name) => join(repository, "docs", "console", `${name}.png`);

const fine = { deviceScaleFactor: 1.5 };
const row = (page, text) => page.locator(".trace-row", { hasText: text }).first();
const settle = (page) => page.waitForTimeout(600);

{
  const page = await openConsole(browser, sandbox);
  await settle(page);
  await page.screenshot({ path: file("first-start") });
  await page.context().close();
}

await sandbox.call("POST", `/v25.0/${app.instagram_app_id}/subscriptions`, { object: "instagram", callback_url: receiver.url, verify_token: app.verify_token }, app.app_access_token);
await sandbox.call("POST", "/v25.0/me/messenger_profile", {
  platform: "instagram",
  ice_breakers: [{ locale: "default", call_to_actions: [{ question: "Where is my order?", payload: "ORDER" }, { question: "Do you ship abroad?", payload: "SHIPPING" }] }],
  persistent_menu: [{ locale: "default", call_to_actions: [{ type: "postback", title: "Talk to a human", payload: "HUMAN" }, { type: "web_url", title: "Our shop", url: "https://shop.example/" }] }],
}, token);
const { flow_id } = await sandbox.call("POST", "/v25.0/me/welcome_message_flows", {
  name: "Summer sale", eligible_platforms: ["instagram"],
  welcome_message_flow: [
    { message: { text: "Welcome! Our summer mugs are 20 % off." } },
    { message: { text: "What are you looking for?", quick_replies: [{ content_type: "text", title: "Mugs", payload: "MUGS" }, { content_type: "text", title: "Bowls", payload: "BOWLS" }] } },
  ],
}, token);
await sandbox.call("POST", "/sim/ads", { account: shop.username, flow: flow_id, title: "Summer mugs, 20 % off", photo_url: picture(0), ref: "summer" });
const { mid } = await say({ text: "Is the blue mug still there?" });
await sandbox.call("POST", "/v25.0/me/messages", { recipient: { id: igsid }, sender_action: "react", payload: { message_id: mid, reaction: "love" } }, token);
const card = (title, subtitle, price) => ({ title, subtitle, image_url: picture(0), buttons: [{ type: "postback", title: `Buy for €${price}`, payload: title }, { type: "web_url", title: "Look at it", url: "https://shop.example/" }] });
await send({ attachment: { type: "template", payload: { template_type: "generic", elements: [card("Blue mug", "Stoneware, 300 ml", 18), card("Blue bowl", "For soup", 24)] } } });
await send({ text: "It is! Shall we keep one for you?", quick_replies: [{ content_type: "text", title: "Yes, please", payload: "YES" }, { content_type: "text", title: "Not now", payload: "NO" }] });

for (const [name, options] of [["phone-and-wire", fine], ["dark", { colorScheme: "dark" }]]) {
  const page = await openConsole(browser, sandbox, options);
  await row(page, "blue mug still there").click();
  await page.getByText("Attempt 1").waitFor();
  await settle(page);
  await page.screenshot({ path: file(name) });
  await page.context().close();
}
{
  const page = await openConsole(browser, sandbox, { viewport: { width: 390, height: 844 }, hasTouch: true });
  await settle(page);
  await page.screenshot({ path: file("small-phone") });
  await page.evaluate(() => (location.hash = "#/wire"));
  await row(page, "blue mug still there").click();
  await page.getByText("Attempt 1").waitFor();
  await settle(page);
  await page.screenshot({ path: file("small-wire") });
  await page.context().close();
}
{
  const page = await openConsole(browser, sandbox, { hash: "#/world/apps" });
  await settle(page);
  await page.screenshot({ path: file("apps") });
  await page.evaluate(() => (location.hash = "#/world/flows"));
  await page.getByRole("button", { name: "Edit the flow Summer sale" }).click();
  await page.getByRole("group", { name: "Preview" }).waitFor();
  await settle(page);
  await page.screenshot({ path: file("flows") });
  await page.context().close();
}
await browser.close();
await sandbox.stop();
await receiver.stop();
