// The phone: everything that a person does.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { demo, openConsole, startBrowser, startSandbox } from "./sandbox.mjs";

let sandbox, browser, page, world;

before(async () => {
  [sandbox, browser] = await Promise.all([startSandbox(), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await sandbox?.stop();
});
beforeEach(async () => {
  await page?.context().close();
  await sandbox.call("POST", "/sim/reset", {});
  world = await demo(sandbox);
  page = await openConsole(browser, sandbox);
});

const composer = () => page.getByRole("textbox", { name: "Message to posthaste.shop" });
const log = () => page.getByRole("log", { name: "Messages with posthaste.shop" });
const bubble = (text) => log().locator(".bubble", { hasText: text });
const write = async (text) => {
  await composer().fill(text);
  await composer().press("Enter");
  await bubble(text).waitFor();
};
const inbox = async (who = "ana.customer") => (await sandbox.call("GET", `/sim/people/${who}/inbox`)).conversations.find((c) => c.with === "posthaste.shop");
const last = async () => (await inbox()).messages.at(-1);
const act = async (text, name) => {
  await log().getByRole("button", { name: `Actions for “${text}”` }).click();
  await log().getByRole("button", { name }).click();
};
const attach = () => page.getByRole("button", { name: "Send something else than text" }).click();
/** Waits until the sandbox says so. */
const until = async (what) => {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await what()) return;
    await page.waitForTimeout(50);
  }
  assert.fail(`never: ${what}`);
};

test("a text is written, edited, answered and unsent", async () => {
  await write("Is the mug still there?");
  assert.equal((await last()).text, "Is the mug still there?");
  await act("Is the mug still there?", "Edit");
  await composer().fill("Is the blue mug still there?");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await bubble("Is the blue mug still there?").waitFor();
  await log().getByText("Edited").waitFor();
  await world.send({ text: "It is!" });
  await bubble("It is!").waitFor();
  await act("It is!", "Reply");
  await write("Keep it for me");
  assert.ok((await last()).reply_to.mid);
  await log().locator(".answers q", { hasText: "It is!" }).waitFor();
  await act("Keep it for me", "Unsend");
  await log().getByText("You unsent a message").waitFor();
  assert.equal((await last()).is_deleted, true);
  assert.deepEqual(page.complaints, []);
});

test("reactions, seen and typing go both ways", async () => {
  await world.send({ text: "Hello Ana" });
  await act("Hello Ana", "React with 😂");
  await log().getByLabel(/You reacted with 😂/).waitFor();
  assert.equal((await last()).reactions[0].emoji, "😂");
  await act("Hello Ana", "React with 😂");
  await log().getByLabel(/You reacted/).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Mark as seen" }).click();
  await until(async () => (await last()).seen);
  const igsid = world.igsid;
  await sandbox.call("POST", "/v25.0/me/messages", { recipient: { id: igsid }, sender_action: "typing_on" }, world.token);
  await log().getByLabel("posthaste.shop is typing").waitFor();
  const { mid } = await sandbox.call("POST", "/sim/people/ana.customer/send", { to: "posthaste.shop", text: "Thanks" });
  await sandbox.call("POST", "/v25.0/me/messages", { recipient: { id: igsid }, sender_action: "mark_seen" }, world.token);
  await log().getByText("Seen", { exact: true }).waitFor();
  assert.ok(mid);
  // What the person types is told to nobody but the feed.
  const feed = await sandbox.call("GET", "/sim/events?after=newest");
  await composer().pressSequentially("H");
  const typed = await sandbox.call("GET", `/sim/events?after=${feed.cursor}&type=typing&wait=5s`);
  assert.equal(typed.events[0].from, "person");
});

test("a picture, a voice message, a video, a document and a heart are sent and shown", async () => {
  await attach();
  const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPj/HwADBwIAMCbHYQAAAABJRU5ErkJggg==", "base64");
  await page.getByLabel("File to send").setInputFiles({ name: "dot.png", mimeType: "image/png", buffer: png });
  const picture = log().getByRole("img", { name: "Picture" });
  await picture.waitFor();
  await page.waitForFunction(() => document.querySelector(".log img.picture")?.naturalWidth === 1);
  await page.getByRole("button", { name: "Record a voice message" }).click();
  await page.getByText(/Recording, [1-9]/).waitFor();
  await page.getByRole("button", { name: "Send the recording" }).click();
  await log().getByLabel("Voice message", { exact: true }).waitFor();
  await page.waitForFunction(() => document.querySelector(".log audio")?.duration > 0.5);
  // The beginning of a file is what tells its kind.
  const mp4 = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from("ftypmp42\0\0\0\0mp42isom"), Buffer.alloc(64)]);
  await attach();
  await page.getByLabel("File to send").setInputFiles({ name: "clip.mp4", mimeType: "video/mp4", buffer: mp4 });
  await log().getByLabel("Video", { exact: true }).waitFor();
  await attach();
  await page.getByLabel("File to send").setInputFiles({ name: "bill.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4\n%%EOF\n") });
  await log().getByRole("link", { name: "Document" }).waitFor();
  await page.getByRole("button", { name: "Send a heart" }).click();
  await log().getByRole("img", { name: "Heart" }).waitFor();
  const types = (await inbox()).messages.flatMap((message) => message.attachments.map((one) => one.type));
  assert.deepEqual(types, ["image", "audio", "video", "file", "like_heart"]);
  assert.deepEqual(page.complaints, []);
});

test("a file comes from an address too", async () => {
  await attach();
  const address = world.shop.media[0].url.replace("localhost", "127.0.0.1");
  await page.getByLabel("Or from an address").fill(address);
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await log().getByRole("img", { name: "Picture" }).waitFor();
  // However late the picture comes, one looks at the end of the thread.
  await page.waitForFunction(() => document.querySelector(".log img.picture")?.naturalWidth > 1);
  await page.waitForFunction(() => {
    const { scrollHeight, scrollTop, clientHeight } = document.querySelector(".log");
    return scrollHeight - scrollTop - clientHeight < 2;
  });
});

test("quick replies, also those that ask for an address", async () => {
  await world.send({ text: "Which colour?", quick_replies: [{ content_type: "text", title: "Blue", payload: "BLUE" }, { content_type: "user_email" }] });
  await page.getByRole("button", { name: "Blue" }).click();
  await bubble("Blue").waitFor();
  await page.getByRole("group", { name: "Quick replies" }).waitFor({ state: "detached" });
  await world.send({ text: "Where shall we write?", quick_replies: [{ content_type: "user_email" }] });
  await page.getByRole("button", { name: "Your e-mail address" }).click();
  await page.getByRole("textbox", { name: "Your e-mail address" }).fill("ana@shop.example");
  await page.getByRole("group", { name: "Quick replies" }).getByRole("button", { name: "Send" }).click();
  await bubble("ana@shop.example").waitFor();
});

test("templates: buttons that answer, cards to swipe through", async () => {
  const card = (title, payload) => ({ title, subtitle: "Stoneware", image_url: world.shop.media[0].url, buttons: [{ type: "postback", title: `Buy ${title}`, payload }, { type: "web_url", title: "Look", url: "https://shop.example/" }] });
  await world.send({ attachment: { type: "template", payload: { template_type: "generic", elements: [card("Mug", "MUG"), card("Bowl", "BOWL"), card("Plate", "PLATE")] } } });
  const cards = log().getByRole("group", { name: "3 cards" });
  await cards.waitFor();
  const shown = () => cards.evaluate((carousel) => carousel.querySelector(".cards").scrollLeft);
  assert.equal(await shown(), 0);
  await cards.getByRole("button", { name: "Next card" }).click();
  await cards.getByText("2 of 3").waitFor();
  assert.ok((await shown()) > 0);
  await cards.getByRole("button", { name: "Buy Bowl" }).click();
  await bubble("Buy Bowl").waitFor();
  await world.send({ attachment: { type: "template", payload: { template_type: "button", text: "Anything else?", buttons: [{ type: "postback", title: "No", payload: "NO" }] } } });
  await log().getByText("Anything else?").waitFor();
  await log().getByRole("button", { name: "No", exact: true }).click();
  await bubble("No").waitFor();
});

test("ice breakers, and the menu, of which one item opens a page", async () => {
  await sandbox.call("POST", "/v25.0/me/messenger_profile", {
    platform: "instagram",
    ice_breakers: [{ locale: "default", call_to_actions: [{ question: "Where is my order?", payload: "ORDER" }] }],
    persistent_menu: [{ locale: "default", call_to_actions: [{ type: "postback", title: "A human, please", payload: "HUMAN" }, { type: "web_url", title: "Our shop", url: "https://shop.example/" }] }],
  }, world.token);
  await page.getByRole("combobox", { name: "Be somebody else" }).selectOption("ben.customer");
  await page.getByRole("button", { name: /posthaste.shop/ }).click();
  await page.getByRole("button", { name: "Where is my order?" }).click();
  await bubble("Where is my order?").waitFor();
  await page.getByRole("button", { name: "Where is my order?", exact: true }).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Menu of the account" }).click();
  await page.getByRole("button", { name: "A human, please" }).click();
  await bubble("A human, please").waitFor();
  await page.getByRole("button", { name: "Menu of the account" }).click();
  const [opened] = await Promise.all([page.context().waitForEvent("page"), page.getByRole("button", { name: "Our shop" }).click()]);
  await opened.close();
  await page.getByText("Opened shop.example").waitFor();
});

test("an ad leads to its flow, and a flow greets without one", async () => {
  const { flow_id } = await sandbox.call("POST", "/v25.0/me/welcome_message_flows", { name: "Summer", eligible_platforms: ["instagram"], welcome_message_flow: [{ message: { text: "Welcome to the sale!", quick_replies: [{ content_type: "text", title: "Show me mugs", payload: "MUGS" }] } }] }, world.token);
  await sandbox.call("POST", "/sim/ads", { account: "posthaste.shop", flow: flow_id, title: "Summer mugs", ref: "summer" });
  await page.getByRole("combobox", { name: "Be somebody else" }).selectOption("chloe.customer");
  await page.getByRole("button", { name: "Send a message about Summer mugs" }).click();
  await bubble("Welcome to the sale!").waitFor();
  await page.getByRole("button", { name: "Show me mugs" }).click();
  await bubble("Show me mugs").waitFor();
  await page.getByRole("combobox", { name: "Be somebody else" }).selectOption("ben.customer");
  await page.getByRole("button", { name: /Posthaste Shop/ }).click();
  await attach();
  await page.getByRole("button", { name: "Summer", exact: true }).click();
  await bubble("Welcome to the sale!").waitFor();
});

test("stories, posts, a link, and what has no form", async () => {
  await attach();
  await page.getByLabel("Your reply").fill("So pretty");
  await page.getByRole("button", { name: /Reply to the story/ }).click();
  await log().getByText("You replied to their story").waitFor();
  await attach();
  await page.getByRole("button", { name: /Share “Our new mug is here”/ }).click();
  await log().getByText("Shared a post").waitFor();
  await attach();
  await page.getByRole("button", { name: "Mention posthaste.shop in your story" }).click();
  await log().getByText("Mentioned the account in a story").waitFor();
  await attach();
  await page.getByRole("button", { name: "A disappearing photo" }).click();
  await log().getByText("Disappearing photo").waitFor();
  await attach();
  await page.getByRole("button", { name: "Something that the API has no form for" }).click();
  await log().locator(".bubble", { hasText: "Something that the API has no form for" }).waitFor();
  const feed = await sandbox.call("GET", "/sim/events?after=newest");
  await attach();
  await page.getByLabel("Open ig.me/m/posthaste.shop?ref=").fill("poster");
  await page.getByRole("button", { name: "Open", exact: true }).click();
  const came = await sandbox.call("GET", `/sim/events?after=${feed.cursor}&type=referral&wait=5s`);
  assert.equal(came.events[0].text, "poster");
  assert.deepEqual(page.complaints, []);
});

test("follow and block, and what a refusal says", async () => {
  await page.getByRole("button", { name: /^About Posthaste Shop/ }).click();
  const about = page.getByRole("dialog", { name: "posthaste.shop" });
  await about.getByRole("button", { name: "Follow", exact: true }).click();
  await about.getByRole("button", { name: "Unfollow" }).waitFor();
  await about.getByRole("button", { name: "Block" }).click();
  await about.getByRole("button", { name: "Close" }).click();
  await page.getByText("You have blocked this account.").waitFor();
  await assert.rejects(world.send({ text: "Are you there?" }), /551|2534|10/);
  await page.getByRole("button", { name: "Unblock" }).click();
  await composer().waitFor();
  // An edit is possible for a quarter of an hour.
  await write("Too late");
  await sandbox.call("POST", "/sim/clock", { advance: "20m" });
  await act("Too late", "Edit");
  await composer().fill("Too late?");
  await composer().press("Enter");
  await page.locator('.notice[data-kind="error"]').waitFor();
  await page.getByRole("button", { name: "Leave it" }).click();
});

test("one is another person, and an account that writes to another", async () => {
  await page.getByRole("combobox", { name: "Be somebody else" }).selectOption("posthaste.cafe");
  await page.getByRole("button", { name: /posthaste.shop/ }).first().click();
  await write("From one shop to another");
  assert.equal((await inbox("posthaste.cafe")).messages.at(-1).text, "From one shop to another");
  await page.getByRole("button", { name: "Back to the conversations" }).click();
  await page.getByText("You: From one shop to another").waitFor();
});
