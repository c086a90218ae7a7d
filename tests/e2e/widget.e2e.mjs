// The chat page in a real browser, against a real server: ask, reload, ask for a person, lose the
// server and get it back. BASE=https://host/chat/KEY uses a server that runs; LINGTAI_OUT=dir keeps pictures.

import { once } from "node:events";
import { readFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { ask, chatUrl, isOnline, openBrowser, openChat } from "./lib/customer.mjs";
import { main, ROOT, temporary, until } from "./lib/process.mjs";
import { check, OUT } from "./lib/report.mjs";
import { Server } from "./lib/server.mjs";
import { agentDesk, serve, turnOn } from "./lib/survey.mjs";

const QUESTION = "衣服尺码怎么选";
const LATER = "退款多久能到账";

async function shot(page, name) {
  if (OUT) await page.screenshot({ path: path.join(OUT, `${name}.png`) });
}

/** A page with a fresh visitor, and what it complains of. */
async function visitor(browser, options = {}) {
  const { page, context } = await openChat(browser, undefined, options);
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (line) => {
    if (/Content Security Policy/i.test(line.text())) complaints.push(line.text());
  });
  return { page, context, complaints };
}

const mine = (page, text) => page.locator(".msg--me .bubble", { hasText: text });
const fromBot = (page) => page.locator(".msg--bot:not([data-key=greeting])");

/** A shop's page on another origin, with the one tag that a shop adds. */
async function shopPage(chat) {
  const { origin, pathname } = new URL(chat);
  const key = pathname.split("/").at(-1);
  const html = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
    <title>云朵轻羽绒服</title><body style="margin:48px;font:16px/1.7 sans-serif"><h1>云朵轻羽绒服 米白</h1>
    <p>90% 白鸭绒，450 克，可机洗。</p><script src="${origin}/widget.js" data-inbox="${key}" async></script>`;
  const server = http.createServer((_, answer) =>
    answer.setHeader("content-type", "text/html").end(html),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

async function asksAndReloads(browser, chat) {
  const { page, context, complaints } = await visitor(browser);
  await page.goto(chat);
  await isOnline(page);
  await shot(page, "chat-empty-light");
  await page.locator("#text").fill("第一行");
  await page.keyboard.press("Shift+Enter");
  check("Shift+Enter breaks the line", (await page.locator("#text").inputValue()) === "第一行\n");
  await page
    .locator("#text")
    .dispatchEvent("keydown", { key: "Enter", isComposing: true, bubbles: true });
  check("Enter while composing sends nothing", (await page.locator(".msg--me").count()) === 0);

  await ask(page, QUESTION);
  await fromBot(page).waitFor();
  check(
    "the answer is labelled",
    (await fromBot(page).locator(".msg__by").innerText()).includes("智能客服"),
  );
  check("the answer is of the knowledge", (await fromBot(page).innerText()).includes("尺码推荐"));
  await shot(page, "chat-bot-light");

  await page.reload();
  await fromBot(page).waitFor();
  check("the history is there after a reload", (await mine(page, QUESTION).count()) === 1);

  await ask(page, '<img src=x onerror="document.title=1"> 😀');
  await mine(page, "<img src=x").waitFor();
  check("markup is text", (await page.locator("#messages img").count()) === 0);
  check("the page broke no rule", complaints.length === 0);
  await context.close();
}

/** A question that the bot asks back about: the first of the held-out ones that shows buttons. */
async function isAskedBack(page) {
  const heldOut = readFileSync(
    path.join(ROOT, "crates/lt-backoffice/sample-shop/heldout.jsonl"),
    "utf8",
  );
  const questions = heldOut
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line))
    .filter((line) => line.faq_id && !line.history)
    .map((line) => line.text);
  for (const question of questions.slice(0, 15)) {
    const before = await fromBot(page).count();
    await ask(page, question);
    await until("a reply", async () => (await fromBot(page).count()) > before);
    // The buttons come with the state, right behind the message.
    const shown = page.locator(".choice").first().waitFor({ timeout: 1_500 });
    if (await shown.then(() => true).catch(() => false)) return true;
    if (await page.locator("#queue").isVisible()) return false;
  }
  return false;
}

async function chooses(browser, chat) {
  const { page, context, complaints } = await visitor(browser);
  let asked = false;
  for (let tries = 0; !asked && tries < 3; tries += 1) {
    if (tries > 0) {
      await page.evaluate(() => localStorage.clear());
    }
    await page.goto(chat);
    await isOnline(page);
    asked = await isAskedBack(page);
  }
  check("the bot asks back with buttons", asked);
  const choices = page.locator(".choice");
  const n = await choices.count();
  check("there are at most three to choose from", n >= 1 && n <= 3);
  check(
    "they have a name for screen readers",
    (await page.locator(".choices__group").getAttribute("aria-label")) === "选择您想问的",
  );
  await shot(page, "chat-choices-light");
  await page.emulateMedia({ colorScheme: "dark" });
  await shot(page, "chat-choices-dark");
  const before = await fromBot(page).count();
  const text = await choices.first().innerText();
  await choices.first().focus();
  await page.keyboard.press("Enter");
  await until("the answer came", async () => (await fromBot(page).count()) > before);
  check("the choice stands in the history", (await mine(page, text).count()) >= 1);
  await until("the buttons are gone", async () => (await choices.count()) === 0);
  check(
    "the answer is of the knowledge",
    (await fromBot(page).last().getAttribute("data-source"))?.includes("@") ?? false,
  );
  await page.reload();
  await fromBot(page).first().waitFor();
  // Who answers is told with the buttons, behind the messages.
  await page.locator("#who", { hasText: "智能客服为您解答" }).waitFor();
  check("a settled choice does not come back", (await choices.count()) === 0);
  check("choosing broke no rule of the page", complaints.length === 0);
  await context.close();
}

async function asksForAPerson(browser, chat) {
  const first = await visitor(browser);
  await first.page.goto(chat);
  await isOnline(first.page);
  await first.page.locator("#ask").click();
  await first.page.locator("#queue", { hasText: "下一位就是您" }).waitFor();
  check("the first in the queue is next", true);

  const second = await visitor(browser, { colorScheme: "dark" });
  await second.page.goto(chat);
  await ask(second.page, QUESTION);
  await second.page.locator(".msg--bot .link", { hasText: "转人工" }).click();
  await second.page.locator("#queue", { hasText: "第 2 位" }).waitFor();
  check("the second has the second place", true);
  await shot(first.page, "chat-queue-light");
  await shot(second.page, "chat-queue-dark");
  await first.context.close();
  await second.context.close();
}

async function losesTheServer(browser, chat, server) {
  const { page, context } = await visitor(browser, { viewport: { width: 320, height: 568 } });
  await page.goto(chat);
  await isOnline(page);
  await ask(page, QUESTION);
  await fromBot(page).waitFor();

  await server.stop("SIGKILL");
  await page.locator("#net", { hasText: "消息不会丢" }).waitFor();
  await ask(page, LATER);
  await page.locator(".msg--waiting", { hasText: LATER }).waitFor();
  check("a message waits while the server is away", true);
  await shot(page, "chat-offline-light");

  await server.start();
  await page.locator("#net").waitFor({ state: "hidden" });
  await until("the answer came", async () => (await fromBot(page).count()) === 2);
  check("it is delivered by itself", (await page.locator(".msg--waiting").count()) === 0);
  await page.reload();
  await until("the history is there", async () => (await fromBot(page).count()) === 2);
  check("it was delivered once", (await mine(page, LATER).count()) === 1);

  // The page is closed while the message waits: it goes out when the page is opened again.
  await server.stop("SIGKILL");
  await page.locator("#net").waitFor();
  await ask(page, "运费谁出");
  await page.locator(".msg--waiting").waitFor();
  await page.close();
  await server.start();
  const back = await context.newPage();
  await back.goto(chat);
  await until(
    "the answer came",
    async () =>
      (await fromBot(back).count()) >= 2 && (await back.locator(".msg--waiting").count()) === 0,
  );
  check("it survives a closed page", (await mine(back, "运费谁出").count()) === 1);
  await context.close();
}

async function pollsWhereSocketsBreak(browser, chat) {
  const { page, context } = await visitor(browser);
  await page.routeWebSocket(/\/widget\/v1\/ws/, (socket) => socket.close({ code: 1011 }));
  await page.goto(chat);
  await page.locator("#who", { hasText: "有问题随时问" }).waitFor({ timeout: 60_000 });
  await ask(page, QUESTION);
  await fromBot(page).waitFor();
  check("a chat works without WebSocket", true);
  await context.close();
}

/** Waits until the panel is all there, or all gone. */
function panelIs(page, opacity) {
  return page.waitForFunction((wanted) => {
    const panel = document.querySelector("body > div")?.shadowRoot?.querySelector(".panel");
    return panel && getComputedStyle(panel).opacity === wanted;
  }, opacity);
}

/** The page's line to the server, with a valve for what comes down. */
async function valve(page) {
  const waiting = [];
  let held = false;
  let send = () => {};
  await page.routeWebSocket(/\/widget\/v1\/ws/, (socket) => {
    const server = socket.connectToServer();
    send = (message) => socket.send(message);
    server.onMessage((message) => (held ? waiting.push(message) : send(message)));
  });
  return {
    hold: () => (held = true),
    release: () => {
      held = false;
      for (const message of waiting.splice(0)) send(message);
    },
  };
}

async function embeds(browser, chat) {
  const shop = await shopPage(chat);
  const { page, context } = await visitor(browser, {
    viewport: { width: 1280, height: 800 },
    deviceScaleFactor: 1,
  });
  const line = await valve(page);
  await page.goto(shop.url);
  const launcher = page.locator("button[aria-label='联系客服']");
  await launcher.click();
  const frame = page.frameLocator("iframe");
  await frame.locator("#text").fill(QUESTION);
  await page.keyboard.press("Enter");
  await frame.locator(".msg--bot:not([data-key=greeting])").waitFor();
  await shot(page, "embed-open-light");
  check("the chat works in a shop's page", true);

  await page.keyboard.press("Escape");
  await page.locator("button[aria-expanded=false]").waitFor();
  check("Escape shuts it", true);
  // The answer comes while the chat is shut.
  await launcher.click();
  line.hold();
  await frame.locator("#text").fill(LATER);
  await page.keyboard.press("Enter");
  await frame.locator("#close").click();
  await page.locator("button[aria-expanded=false]").waitFor();
  line.release();
  const badge = page.locator("button[aria-label='联系客服，1 条新消息'] .count");
  await badge.waitFor();
  check("an answer behind a shut chat is counted", (await badge.innerText()) === "1");
  await panelIs(page, "0");
  await shot(page, "embed-badge-light");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.locator("button[aria-expanded]").click();
  await panelIs(page, "1");
  await page.locator("button[aria-label='收起客服']").waitFor();
  check("and is read once it is open", (await page.locator(".count").isVisible()) === false);
  await shot(page, "embed-open-dark");
  await context.close();
  shop.close();
}

/** Hands a file to the page as pasting or dropping does. */
function hand(page, target, kind, name, bytes) {
  return page.locator(target).evaluate(
    (element, given) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(given.bytes)], given.name));
      const event =
        given.kind === "paste"
          ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
          : new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
      element.dispatchEvent(event);
    },
    { kind, name, bytes: Array.from(bytes) },
  );
}

async function sendsPictures(browser, chat) {
  const { page, context, complaints } = await visitor(browser);
  await page.goto(chat);
  await isOnline(page);
  await page.locator("#ask").click();
  await page.locator("#queue").waitFor();
  const photo = await page.screenshot();
  const choose = (name, buffer) =>
    page.locator("#picker").setInputFiles([{ name, mimeType: "", buffer }]);
  await choose("屏幕截图.png", photo);
  const picture = page.locator(".msg--me .picture img").first();
  await picture.waitFor();
  await until("the picture is stored", async () =>
    page.locator(".msg__foot", { hasText: "已送达" }).isVisible(),
  );
  await hand(page, "#text", "paste", "贴图.png", photo);
  await hand(page, "#chat", "drop", "发票.txt", Buffer.from("发票抬头：聆选"));
  await page.locator(".file", { hasText: "发票.txt" }).waitFor();
  await until("all is stored", async () => (await page.locator(".msg--waiting").count()) === 0);
  await until("nothing is on its way", async () =>
    (await page.evaluate(() => Object.values({ ...localStorage }).join())).includes("[]"),
  );
  await shot(page, "chat-files-light");

  await page.reload();
  await until("the pictures are there after a reload", async () =>
    page
      .locator(".picture img")
      .evaluateAll((all) => all.length === 2 && all.every((image) => image.naturalWidth > 0)),
  );
  check("the pictures are there after a reload", true);
  const small = await page
    .locator(".picture img")
    .first()
    .evaluate((image) => image.naturalWidth);
  check("what is in the thread is small", small > 0 && small <= 480);
  await page.locator(".picture").first().click();
  const large = page.locator("#large-stage img");
  await large.waitFor();
  await until("the large picture is there", () =>
    large.evaluate((image) => image.naturalWidth === 780),
  );
  check("a press shows it in full size", true);
  await page.emulateMedia({ colorScheme: "dark" });
  await shot(page, "chat-lightbox-dark");
  await page.keyboard.press("Escape");
  check("Esc closes it", !(await page.locator("#large").isVisible()));
  const saving = page.waitForEvent("download");
  await page.locator(".file", { hasText: "发票.txt" }).click();
  const saved = await saving;
  check("a file is saved under its name", saved.suggestedFilename() === "发票.txt");
  check("it is what was sent", readFileSync(await saved.path(), "utf8") === "发票抬头：聆选");

  await choose("安装.exe", Buffer.from("MZ"));
  check(
    "a kind that is not taken is said at once",
    (await page.locator("#note").innerText()).includes("「安装.exe」的类型不能发"),
  );
  await choose("假的.png", Buffer.from("MZ\x90\x00 a program"));
  await page.locator(".msg--failed", { hasText: "这种类型的文件不能发" }).waitFor();
  check("what only looks like a picture is refused by the server", true);
  await shot(page, "chat-files-dark");
  await page.locator(".msg--failed .link").click();
  await until("it is gone", async () => (await page.locator(".msg--failed").count()) === 0);
  check("the page broke no rule", complaints.length === 0);
  await context.close();
}

async function english(browser, chat) {
  const { page, context } = await visitor(browser, { locale: "en-US", colorScheme: "dark" });
  await page.goto(chat);
  await page.locator("#ask", { hasText: "Talk to a person" }).waitFor();
  await ask(page, QUESTION);
  await fromBot(page).waitFor();
  check(
    "the page speaks English where the browser does",
    (await page.locator("html").getAttribute("lang")) === "en",
  );
  await shot(page, "chat-bot-en-dark");
  await page.locator("#ask").click();
  await page.locator("#queue").waitFor();
  check("a person can be asked for in English", true);
  await context.close();
}

/** Asked after the end: by keyboard, over a reload, and where WebSockets are broken too. */
async function isAsked(browser, chat, server) {
  await turnOn(server);
  const desk = await agentDesk(server);
  const { page, context, complaints } = await visitor(browser);
  await page.goto(chat);
  await isOnline(page);
  await page.locator("#ask").click();
  const of = await serve(desk, "已经为您处理好了");
  const survey = page.locator("#survey");
  await survey.waitFor();
  check(
    "the question is asked in the page's language",
    (await page.locator("#survey-question").innerText()) === "您对本次服务满意吗？",
  );
  const stars = page.getByRole("radiogroup", { name: "您对本次服务满意吗？" });
  check(
    "the stars are radio buttons with names",
    (await stars.getByRole("radio", { name: "5 分，非常满意" }).count()) === 1,
  );
  check(
    "nothing is sent before a star is chosen",
    !(await page.locator("#survey-send").isVisible()),
  );
  await shot(page, "chat-survey-light");
  await stars.getByRole("radio").first().focus();
  await page.keyboard.press("Space");
  for (let n = 0; n < 3; n += 1) await page.keyboard.press("ArrowRight");
  check("arrows choose", (await page.locator("#survey-word").innerText()) === "满意");
  await page.locator("#survey-comment").fill("很耐心 <b>谢谢</b>");
  await page.reload();
  await survey.waitFor();
  check(
    "what was chosen and written survives a reload",
    (await page.locator("#survey-comment").inputValue()) === "很耐心 <b>谢谢</b>" &&
      (await stars.getByRole("radio", { checked: true }).getAttribute("value")) === "4",
  );
  await page.emulateMedia({ colorScheme: "dark" });
  await shot(page, "chat-survey-dark");
  await page.locator("#survey-send").focus();
  await page.keyboard.press("Enter");
  await page.locator("#survey-thanks", { hasText: "您评了 4 分" }).waitFor();
  check(
    "the focus is on what came of it",
    await page.locator("#survey-thanks").evaluate((node) => node === document.activeElement),
  );
  let seen;
  await until("the desk sees the mark", async () => {
    seen = (await desk.rpc("conversation.get", of)).survey;
    return seen?.score === 4;
  });
  check("and the comment", seen.comment === "很耐心 <b>谢谢</b>");
  await page.locator("#survey-change").click();
  await stars.getByRole("radio", { name: "2 分，不满意" }).check({ force: true });
  await page.locator("#survey-send").click();
  await page.locator("#survey-thanks", { hasText: "您评了 2 分" }).waitFor();
  check("it can be changed", true);
  await page.reload();
  await page.locator("#survey-thanks", { hasText: "您评了 2 分" }).waitFor();
  await page.locator("#survey-close").click();
  check("and put away", !(await survey.isVisible()));
  check("the survey broke no rule of the page", complaints.length === 0);
  await context.close();

  // Without WebSocket, in English; the customer has had enough.
  const second = await visitor(browser, { locale: "en-US" });
  await second.page.routeWebSocket(/\/widget\/v1\/ws/, (socket) => socket.close({ code: 1011 }));
  await second.page.goto(chat);
  await second.page.locator("#who", { hasText: "Ask us anything" }).waitFor({ timeout: 60_000 });
  await second.page.locator("#ask").click();
  await serve(desk, "Done");
  await second.page
    .locator("#survey-question", { hasText: "How satisfied are you" })
    .waitFor({ timeout: 60_000 });
  await shot(second.page, "chat-survey-en-light");
  await second.page.locator("#survey-out").click();
  check("who wants no questions sees none", !(await second.page.locator("#survey").isVisible()));
  await second.page.reload();
  // By the long poll that the page is on, the line and the question come in one answer.
  await second.page.locator("#who", { hasText: "Ask us anything" }).waitFor({ timeout: 60_000 });
  check("and is not asked again", !(await second.page.locator("#survey").isVisible()));
  await second.context.close();
  await desk.stop();
}

await main(async () => {
  let chat = process.env.BASE;
  let server;
  if (!chat) {
    server = await Server.create({ data: temporary("lingtai-widget-") });
    await server.start();
    await server.setUp();
    chat = chatUrl(server);
  }
  const browser = await openBrowser();
  try {
    // The agent takes whoever waits: the queue is empty again after it.
    if (server) await isAsked(browser, chat, server);
    // The queue is empty then: what the bot cannot place goes to it as well.
    await asksForAPerson(browser, chat);
    await asksAndReloads(browser, chat);
    await chooses(browser, chat);
    await pollsWhereSocketsBreak(browser, chat);
    await embeds(browser, chat);
    await sendsPictures(browser, chat);
    await english(browser, chat);
    if (server) await losesTheServer(browser, chat, server);
  } finally {
    await browser.close();
  }
});
