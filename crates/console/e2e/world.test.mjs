// The world: what exists, and every form that changes it.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
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
  receiver.received.length = 0;
  world = await demo(sandbox);
});

const open = async (section) => (page = await openConsole(browser, sandbox, { hash: `#/world/${section}` }));
const now = () => sandbox.call("GET", "/sim/world");
const panel = (name) => page.locator(".panel").filter({ has: page.getByRole("heading", { name, exact: true }) });
const told = (text) => page.locator(".notice", { hasText: text }).waitFor();
const copied = () => page.evaluate(() => navigator.clipboard.readText());

test("an account: ids and tokens are copied, switches and names changed, another is made", async () => {
  await open("accounts");
  await page.getByRole("button", { name: "Copy the IG id of posthaste.shop" }).click();
  assert.equal(await copied(), world.shop.id);
  await page.getByRole("button", { name: "Copy the Instagram token of Demo app for posthaste.shop", exact: true }).click();
  assert.equal(await copied(), world.token);
  const shop = panel("Posthaste Shop");
  await shop.getByLabel(/Connected tools may read messages/).uncheck();
  await assert.rejects(async () => {
    await page.waitForFunction(async () => !(await (await fetch("/sim/world")).json()).accounts[0].message_access);
    await world.send({ text: "Not now" });
  }, /2534041/);
  await shop.getByRole("textbox", { name: "Name" }).fill("The Shop");
  await shop.getByLabel("Followers").fill("1200");
  await shop.getByRole("button", { name: "Save" }).click();
  await told("posthaste.shop is changed.");
  const account = (await now()).accounts[0];
  assert.deepEqual([account.name, account.followers_count, account.message_access], ["The Shop", 1200, false]);
  const make = page.getByRole("form", { name: "Make an account" });
  await make.getByLabel("Username").fill("new.shop");
  await make.getByLabel("Facebook page").selectOption("yes");
  await make.getByRole("button", { name: "Make it" }).click();
  await panel("new.shop").waitFor();
  // What is refused is told where it was asked.
  await make.getByLabel("Username").fill("new.shop");
  await make.getByRole("button", { name: "Make it" }).click();
  await make.getByRole("alert").waitFor();
  assert.deepEqual(page.complaints, []);
});

test("the owner's inbox: requests accepted and declined, moved, answered", async () => {
  await open("accounts");
  const shop = panel("Posthaste Shop");
  await shop.getByRole("button", { name: "Accept the request of ana.customer" }).click();
  await shop.getByRole("button", { name: "Move to general: ana.customer" }).click();
  await shop.getByText("in general").waitFor();
  await shop.getByLabel("Text to ana.customer as the owner").fill("Here I am myself");
  await shop.getByRole("button", { name: "Send" }).click();
  await told("Sent as the owner");
  const { conversations } = await sandbox.call("GET", "/sim/people/ana.customer/inbox");
  assert.equal(conversations.find((one) => one.with === "posthaste.shop").messages.at(-1).sent_by, "owner");
  await panel("Posthaste Café").getByRole("button", { name: "Decline the request of ana.customer" }).click();
  await told("The request is declined.");
});

test("people are made and changed, and their phone is taken", async () => {
  await open("people");
  const make = page.getByRole("form", { name: "Make a person" });
  await make.getByLabel("Username").fill("dora");
  await make.getByLabel("Name", { exact: true }).fill("Dora Lind");
  await make.getByLabel("Locale").fill("de_DE");
  await make.getByRole("button", { name: "Make them" }).click();
  const dora = panel("Dora Lind");
  await dora.getByLabel(/Private profile/).check();
  await dora.getByLabel("posthaste.shop follows them").check();
  await dora.getByLabel("Followers").fill("77");
  await dora.getByRole("button", { name: "Save" }).click();
  await told("dora is changed.");
  await page.waitForFunction(async () => (await (await fetch("/sim/world")).json()).people.find((one) => one.username === "dora").followed_by.length === 1);
  const person = (await now()).people.find((one) => one.username === "dora");
  assert.deepEqual([person.private, person.follower_count, person.locale, person.followed_by], [true, 77, "de_DE", ["posthaste.shop"]]);
  await dora.getByRole("button", { name: "Use their phone" }).click();
  await page.getByText("You are").waitFor();
  await page.getByRole("heading", { name: "dora", exact: true }).waitFor();
});

test("a callback is set with its handshake, tested, and removed; a wrong one is refused", async () => {
  await open("apps");
  const form = page.getByRole("form", { name: "Callback of Instagram Login, Demo app", exact: true });
  await form.getByLabel("Callback URL").fill("http://127.0.0.1:9/nothing");
  await form.getByRole("button", { name: "Verify and save" }).click();
  await form.getByRole("alert").getByText(/\(#2200\) Callback verification failed/).waitFor();
  await page.getByText("Handshake failed").waitFor();
  await form.getByLabel("Callback URL").fill(receiver.url);
  await form.getByRole("checkbox", { name: "standby" }).uncheck();
  await form.getByRole("button", { name: "Verify and save" }).click();
  await page.getByText("Handshake passed").waitFor();
  await page.locator(".handshake").getByText("status 200").first().waitFor();
  const [callback] = (await now()).apps[0].callbacks;
  assert.equal(callback.callback_url, receiver.url);
  assert.ok(callback.fields.includes("messages") && !callback.fields.includes("standby"));
  const tested = receiver.next();
  await form.getByRole("button", { name: "Send a test" }).click();
  assert.equal((await tested).entry[0].id, "0");
  await page.locator(".attempt", { hasText: "Test" }).getByText("200").waitFor();
  await page.getByText(/X-Hub-Signature-256 is right/).waitFor();
  await form.getByRole("button", { name: "Remove" }).click();
  await told("The callback is removed.");
  assert.deepEqual((await now()).apps[0].callbacks, []);
  assert.deepEqual(page.complaints, []);
});

test("an app's mode and feature, its subscriptions, and another app", async () => {
  await open("apps");
  const app = panel("Demo app");
  await app.getByLabel(/^Live/).uncheck();
  await app.getByText("In development", { exact: true }).waitFor();
  await app.getByLabel(/^Human Agent feature/).uncheck();
  await app.getByRole("button", { name: "Unsubscribe from posthaste.shop, over Instagram Login, Demo app" }).click();
  await page.waitForFunction(async () => (await (await fetch("/sim/world")).json()).accounts[0].subscribed_apps.length === 0);
  await app.getByRole("button", { name: "Fields of posthaste.shop, over Instagram Login, Demo app" }).click();
  const fields = app.getByRole("form", { name: "Fields of posthaste.shop" });
  await fields.getByRole("button", { name: "Subscribe" }).click();
  await told("The subscription is saved.");
  const after = await now();
  assert.deepEqual([after.apps[0].mode, after.apps[0].human_agent], ["development", false]);
  assert.ok(after.accounts[0].subscribed_apps[0].fields.includes("messages"));
  await app.getByText("Logins and roles").click();
  const login = app.getByRole("form", { name: "Login of Demo app" });
  await login.getByLabel(/Redirect addresses/).fill("https://bot.example/back, https://bot.example/other");
  await login.getByLabel(/Called when somebody removes/).fill("https://bot.example/gone");
  await login.getByRole("button", { name: "Save" }).click();
  await told("The app is changed.");
  const roles = app.getByRole("form", { name: "Roles in Demo app" });
  await roles.getByLabel(/Username/).fill("ben.customer");
  await roles.getByLabel("Role").selectOption("instagram_tester");
  await roles.getByRole("button", { name: "Give the role" }).click();
  await told("The role is given.");
  const changed = (await now()).apps[0];
  assert.deepEqual(changed.redirect_uris, ["https://bot.example/back", "https://bot.example/other"]);
  assert.deepEqual([changed.deauthorize_callback, changed.roles[0].user], ["https://bot.example/gone", "ben.customer"]);
  await app.getByRole("button", { name: "Take the role of ben.customer away" }).click();
  await app.getByRole("button", { name: "Take the role of ben.customer away" }).waitFor({ state: "detached" });
  const make = page.getByRole("form", { name: "Make an app" });
  await make.getByLabel("Name").fill("My bot");
  await make.getByRole("button", { name: "Make it" }).click();
  await panel("My bot").waitFor();
});

test("a token is made, copied, and works", async () => {
  await open("tokens");
  const make = page.getByRole("form", { name: "Make a token" });
  await make.getByLabel("Kind").selectOption("page");
  await make.getByLabel("Account").selectOption("posthaste.cafe");
  await make.getByLabel("Seconds until it ends").fill("3600");
  await make.getByRole("button", { name: "Make it" }).click();
  await told("The token is made");
  const line = page.locator(".list > li").first();
  await line.getByText("Page token of posthaste.cafe").waitFor();
  await line.getByRole("button", { name: /Copy the token/ }).click();
  const me = await sandbox.call("GET", "/v25.0/me?fields=id", undefined, await copied());
  assert.equal(me.id, world.cafe.page_id);
});

test("ice breakers and menu are edited with a preview, in two languages", async () => {
  await open("profile");
  const breakers = panel("Ice breakers");
  await breakers.getByLabel("Question 1").fill("Where is my order?");
  await breakers.getByLabel("Payload").fill("ORDER");
  await breakers.getByRole("group", { name: "Preview" }).getByText("Where is my order?").waitFor();
  await breakers.getByRole("button", { name: "another language" }).click();
  await breakers.getByLabel("Question 1").fill("Wo ist meine Bestellung?");
  await breakers.getByRole("button", { name: "Save" }).click();
  await told("Ice breakers: saved.");
  const menu = panel("Persistent menu");
  await menu.getByLabel("Title 1").fill("A human");
  await menu.getByLabel("Payload").fill("HUMAN");
  await menu.getByRole("button", { name: "Add a line" }).click();
  await menu.getByLabel("Kind").nth(1).selectOption("web_url");
  await menu.getByLabel("Title 2").fill("Shop");
  await menu.getByLabel("URL").fill("https://shop.example/");
  await menu.getByRole("button", { name: "Save" }).click();
  await told("Persistent menu: saved.");
  const shop = (await now()).accounts[0];
  assert.deepEqual(shop.ice_breakers, [
    { locale: "default", call_to_actions: [{ question: "Where is my order?", payload: "ORDER" }] },
    { locale: "de_DE", call_to_actions: [{ question: "Wo ist meine Bestellung?", payload: "ORDER" }] },
  ]);
  assert.equal(shop.persistent_menu[0].call_to_actions[1].url, "https://shop.example/");
  await menu.getByRole("button", { name: "Remove from the account" }).click();
  await told("Persistent menu: removed.");
  assert.deepEqual((await now()).accounts[0].persistent_menu, []);
  assert.deepEqual(page.complaints, []);
});

test("a flow is written with a preview, changed as JSON, advertised and deleted", async () => {
  await open("flows");
  await page.getByRole("button", { name: "New flow" }).click();
  const form = page.getByRole("form", { name: "Flow", exact: true });
  await form.getByLabel("Name").fill("Spring");
  await form.getByLabel("Text").fill("Hello there");
  await form.getByRole("button", { name: "Buttons" }).click();
  const second = form.getByRole("group", { name: "Message 2" });
  await second.getByLabel("Text").fill("What now?");
  await second.getByLabel("Button 1", { exact: true }).fill("Go on");
  await second.getByLabel("Payload").fill("GO");
  const preview = page.getByRole("group", { name: "Preview" });
  await preview.getByText("Hello there").waitFor();
  await preview.getByText("Go on").waitFor();
  await form.getByRole("button", { name: "Save the flow" }).click();
  await told("The flow is saved.");
  await page.getByRole("button", { name: "Edit the flow Spring" }).click();
  await form.getByRole("button", { name: "JSON" }).click();
  await form.getByLabel("welcome_message_flow").fill(JSON.stringify([{ message: { text: "Only this" } }]));
  await preview.getByText("Only this").waitFor();
  await form.getByRole("button", { name: "Save the flow" }).click();
  await form.waitFor({ state: "detached" });
  const [flow] = (await now()).accounts[0].welcome_message_flows;
  const ads = page.getByRole("form", { name: "Make an ad" });
  await ads.getByLabel("Title").fill("Spring is here");
  await ads.getByLabel("Flow").selectOption(flow.id);
  await ads.getByRole("button", { name: "Make an ad" }).click();
  await told("The ad runs");
  await page.getByText("in an ad", { exact: true }).waitFor();
  // A flow that is used cannot be deleted, and the refusal is told.
  await page.getByRole("button", { name: "Delete the flow Spring" }).click();
  await page.locator('.notice[data-kind="error"]').waitFor();
  await page.getByRole("button", { name: "Pause the ad Spring is here" }).click();
  await page.getByRole("button", { name: "Run the ad Spring is here" }).waitFor();
  await page.getByRole("button", { name: "Delete the ad Spring is here" }).click();
  await page.getByText("in an ad", { exact: true }).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Delete the flow Spring" }).click();
  await told("The flow is deleted.");
  assert.deepEqual((await now()).accounts[0].welcome_message_flows, []);
});

test("the clock, the settings and the world anew", async () => {
  await open("clock");
  await page.getByRole("button", { name: "+25h" }).click();
  await page.getByText("1 d 1 h ahead of the real time").waitFor();
  await page.getByRole("form", { name: "Move the clock by a span" }).getByLabel(/By a span/).fill("never");
  await page.getByRole("button", { name: "Move", exact: true }).click();
  await page.getByRole("alert").waitFor();
  await page.getByRole("form", { name: "Set the clock" }).getByLabel(/To a moment/).fill("2031-05-06T07:08");
  await page.getByRole("button", { name: "Set", exact: true }).click();
  await page.locator(".now", { hasText: "6 May 2031" }).waitFor();
  await page.getByRole("button", { name: "The world's clock" }).click();
  await page.locator("#clock-card").getByRole("button", { name: "Back to the real time" }).click();
  await page.getByText("The real time", { exact: true }).waitFor();
  await page.keyboard.press("Escape");
  const settings = page.getByRole("form", { name: "Settings" });
  await settings.getByLabel("Most webhook events in one POST").fill("5");
  await settings.getByRole("button", { name: "Save" }).click();
  await told("The settings are changed.");
  await page.getByLabel(/An endpoint that fails for an hour/).check();
  await page.waitForFunction(async () => (await (await fetch("/sim/settings")).json()).webhook_switch_off);
  assert.equal((await now()).settings.webhook_batch, 5);
  await sandbox.call("POST", "/sim/people", { username: "gone" });
  await page.getByRole("button", { name: "Reset the world" }).click();
  await page.getByRole("button", { name: "Yes, forget everything" }).click();
  await told("The demo world is made anew.");
  assert.equal((await now()).people.length, 3);
});

test("a fault is set, strikes, is counted, and is removed", async () => {
  await open("faults");
  await page.getByRole("button", { name: /Rate limit/ }).click();
  await page.getByRole("button", { name: "Set it" }).click();
  await told("The fault is set.");
  await assert.rejects(world.send({ text: "Too fast" }), /613/);
  await page.getByText("struck 1").waitFor();
  await page.getByRole("button", { name: /^Remove the fault/ }).click();
  await page.getByText("None: everything works.").waitFor();
  await world.send({ text: "Now it goes" });
  const draft = page.getByLabel(/The fault \(docs/);
  await draft.fill('{"on": "webhook", "sparkle": 1}');
  await page.getByRole("button", { name: "Set it" }).click();
  await page.getByRole("alert").waitFor();
  await draft.fill("{");
  await page.getByRole("button", { name: "Set it" }).click();
  await page.getByText(/That is no JSON/).waitFor();
});
