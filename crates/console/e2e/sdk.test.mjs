// An app's own page with the JavaScript SDK: the sample of the Sunshine document, and what a page does after it.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { demo, startBrowser, startSandbox } from "./sandbox.mjs";

let sandbox, browser, server, world, app;

// As the snippet of the SDK's documentation has it, but for the address of the script.
const html = (script, appId) => `<!doctype html>
<title>App</title>
<button id="login">Connect Instagram</button>
<output></output>
<script>
  window.fbAsyncInit = function () {
    FB.init({ appId: "${appId}", cookie: true, version: "v25.0" });
    document.body.dataset.ready = "yes";
  };
  document.getElementById("login").onclick = function () {
    FB.login(function (data) {
      window.outcome = data;
      document.querySelector("output").textContent = data.status;
    }, { scope: "instagram_basic,instagram_manage_messages,pages_manage_metadata,pages_show_list" });
  };
</script>
<script async defer crossorigin="anonymous" src="${script}"></script>`;

before(async () => {
  [sandbox, browser] = await Promise.all([startSandbox(), startBrowser()]);
  world = await demo(sandbox);
  const script = `${sandbox.url}/en_US/sdk.js`;
  server = createServer((_, response) => {
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.end(html(script, world.app.id));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  app = `http://localhost:${server.address().port}/`;
});
after(async () => {
  await browser?.close();
  await sandbox?.stop();
  server?.close();
});

/** A fresh browser at the app's page, once the SDK is there. */
async function open() {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(8000);
  await page.goto(app);
  await page.locator("body[data-ready=yes]").waitFor();
  return page;
}

/** Presses the app's button; answers the window of the login. */
async function login(page) {
  const popup = page.waitForEvent("popup");
  await page.getByRole("button", { name: "Connect Instagram" }).click();
  return popup;
}

test("FB.login hands the page a token, with which FB.api finds the pages", async () => {
  const page = await open();
  const window = await login(page);
  await window.getByLabel("Facebook user").selectOption({ label: "Demo Owner" });
  await window.getByRole("button", { name: "Continue" }).click();
  await window.getByRole("button", { name: "Continue" }).click();
  await page.getByText("connected").waitFor();
  const token = await page.evaluate(() => window.outcome.authResponse.accessToken);
  assert.match(token, /^EAA/);
  // What the document does with it, on the server.
  const accounts = await sandbox.call("GET", `/me/accounts?client_id=${world.app.id}&client_secret=${world.app.secret}&access_token=${token}&limit=500`);
  assert.equal(accounts.data[0].id, world.cafe.page_id);
  const me = await page.evaluate(() => new Promise((resolve) => FB.api("/me", { fields: "id,name" }, resolve)));
  assert.equal(me.name, "Demo Owner");
  assert.equal(await page.evaluate(() => FB.getUserID()), me.id);
  const wrong = await page.evaluate(() => new Promise((resolve) => FB.api("/me/shoes", resolve)));
  assert.equal(wrong.error.type, "OAuthException");
  // A reload asks nobody; the cookie tells another tab.
  await page.reload();
  await page.locator("body[data-ready=yes]").waitFor();
  const status = () => page.evaluate(() => new Promise((resolve) => FB.getLoginStatus(resolve, true)));
  assert.equal((await status()).status, "connected");
  const out = await page.evaluate(() => new Promise((resolve) => FB.logout(resolve)));
  assert.equal(out.status, "unknown");
  assert.equal((await status()).status, "unknown");
  await assert.rejects(sandbox.call("GET", `/me?access_token=${token}`), /user logged out/);
  await page.context().close();
});

test("who cancels, or closes the window, has connected nothing", async () => {
  const page = await open();
  const window = await login(page);
  await window.getByLabel("Facebook user").selectOption({ label: "Demo Owner" });
  await window.getByRole("button", { name: "Continue" }).click();
  await window.getByRole("button", { name: "Cancel" }).click();
  await page.getByText(/not_authorized|unknown/).waitFor();
  assert.equal(await page.evaluate(() => window.outcome.authResponse), null);
  await page.evaluate(() => { window.outcome = undefined; document.querySelector("output").textContent = ""; });
  await (await login(page)).close();
  await page.getByText(/not_authorized|unknown/).waitFor();
  await page.context().close();
});
