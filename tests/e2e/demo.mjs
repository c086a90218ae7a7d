// The main job, from a customer's question to the answer, with the real server, browser and window.
// `cargo xtask demo` runs it. LINGTAI_OUT takes the pictures; --data=DIR keeps the server's data.
import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { ask, chatUrl, isOnline, openBrowser, openChat } from "./lib/customer.mjs";
import { Desk, Key } from "./lib/desk.mjs";
import { Plug } from "./lib/plug.mjs";
import { main, program, ROOT, run, temporary, until } from "./lib/process.mjs";
import { elapsed } from "./lib/report.mjs";
import { AGENT, Server } from "./lib/server.mjs";
import { dialogues, saidBy } from "./lib/shop.mjs";
import { signIn, waiting } from "./lib/signin.mjs";
import { Visitor } from "./lib/visitor.mjs";

const { values: options } = parseArgs({
  options: { data: { type: "string" }, port: { type: "string" } },
});
const OUT = process.env.LINGTAI_OUT ?? path.join(ROOT, "target/demo");
const FIRST = "退款几天能收到";
const SECOND = "羽绒服签收三天就降价60，能退差价吗？我电话13812345678，再拖我打12315，转人工";
const OFFLINE_REPLY = "已为您登记价保申请，今天 18 点前电话告诉您进度。";
const CUT_REPLY =
  "您的差价 60 元已经登记退回，原路返回到付款账户，一般 1 到 3 个工作日能收到，到账后会有短信通知您，请放心。";

const DECLINED_AT_MOST = 8;

let step = 0;
function tell(what, detail = "") {
  step += 1;
  console.log(
    `${String(step).padStart(2)}. ${elapsed()} s  ${what}${detail ? `\n             ${detail}` : ""}`,
  );
}

/** Opening questions of the sample dialogues: the shop's other customers of this morning. */
function otherCustomers() {
  return dialogues()
    .filter(
      (dialogue) =>
        dialogue.turns[0].expect !== "answer" ||
        dialogue.turns.some((turn) => turn.expect === "handoff"),
    )
    .slice(0, 9);
}

async function openShop(folder) {
  const server = await Server.create({ data: folder, port: options.port && Number(options.port) });
  await server.start();
  await server.setUp([AGENT], [], "auto");
  const plug = await Plug.into(server);
  await server.reachedAt(plug.url);
  tell(
    "the server is up, over TLS by its own authority",
    server.isKept
      ? `${server.url}, with the data that was kept`
      : `${server.url}, sample shop loaded, accounts made with a one-time code`,
  );
  return { server, plug };
}

async function customerAsks(browser, server) {
  const { page } = await openChat(browser, chatUrl(server), {
    viewport: { width: 400, height: 720 },
  });
  await isOnline(page);
  const bot = page.locator(".msg--bot:not([data-key=greeting])").last();
  const asked = Date.now();
  await ask(page, FIRST);
  await bot.waitFor();
  const took = Date.now() - asked;
  const source = await bot.getAttribute("data-source");
  assert.match(source ?? "", /^ec-\d+@\d+$/, "the reply names its knowledge");
  tell(`a customer asked: ${FIRST}`);
  tell(
    `the bot answered in ${took} ms, on the customer's screen`,
    `from ${source}: ${(await bot.locator(".bubble").innerText()).replaceAll("\n", " ")}`,
  );
  return page;
}

async function agentSignsIn(server, folder) {
  const desk = await Desk.open({ data: folder });
  await signIn(desk, server);
  tell(
    `the agent ${AGENT.name} signed in on the desktop`,
    "the local store is encrypted; its key is in the keychain or under a passphrase",
  );
  return desk;
}

async function morningBegins(server) {
  for (const dialogue of otherCustomers()) {
    await Visitor.saying(server, saidBy("customer", dialogue).slice(0, 3), {
      name: dialogue.contact.name,
    });
  }
  tell(
    "nine other customers wrote",
    "the bot answered what it was sure of; the rest waits in the queue",
  );
}

async function secondQuestion(page) {
  await ask(page, SECOND);
  const queue = page.locator("#queue-text");
  await queue.waitFor();
  tell("the second question was handed over", `the customer reads: ${await queue.innerText()}`);
}

/** The agent begins: what is most urgent is offered first, with a countdown and the reasons. */
async function agentIsOffered(desk) {
  await desk.chord("2", Key.ALT);
  await until("the customer is in the queue", async () =>
    (await desk.all("conv-row")).some(({ text }) => /访客/.test(text)),
  );
  await desk.chord("1", Key.ALT, Key.SHIFT);
  await desk.says("presence", /接待中/);
  let offer = "";
  for (let n = 0; n < DECLINED_AT_MOST; n += 1) {
    await desk.find("offer");
    // All that it says: the driver leaves out names that may be cut off.
    offer = (await desk.value("offer")) ?? "";
    if (/访客/.test(offer)) break;
    await desk.chord("y", Key.ALT, Key.SHIFT);
    await until("the next is offered", async () => {
      const shown = await desk.value("offer");
      return shown !== null && head(shown) !== head(offer);
    });
  }
  assert.match(offer, /访客/);
  await inBothLooks(desk, "desk-offer");
  tell(
    "the agent is 接待中, and the server offers the customer",
    oneLine(await desk.text("offer")),
  );
  await desk.chord("y", Key.ALT);
  await desk.find("resolve");
  // One customer is enough for a demonstration: whoever else waits is offered to nobody now.
  await desk.chord("2", Key.ALT, Key.SHIFT);
  await desk.says("presence", /忙碌/);
  await until("nothing more is offered", async () => (await desk.count("offer")) === 0);
}

/** Who is offered: the lines before the countdown changes anything. */
const head = (offer) => offer.replace(/\d+:\d\d/g, "");

async function agentAnswers(desk, page) {
  await desk.find("suggestion-1");
  const suggestion = (await desk.text("suggestion-1")).split("\n").slice(0, 3).join(" ");
  tell("the agent's desktop suggested, before anything was typed", suggestion);
  const screen = await desk.text();
  assert.ok(
    !screen.includes("13812345678") && screen.includes("138****5678"),
    "the phone number is masked on the screen",
  );
  await desk.shot(path.join(OUT, "desk-queue-light.png"));
  await desk.click("composer");
  await desk.chord("1", Key.CONTROL);
  await until(
    "the suggestion is in the composer",
    async () => (await desk.value("composer")).length > 10,
  );
  const inserted = await desk.value("composer");
  await desk.shot(path.join(OUT, "desk-light.png"));
  await desk.chord("d", Key.ALT, Key.SHIFT);
  await desk.shot(path.join(OUT, "desk-dark.png"));
  await desk.chord("l", Key.ALT, Key.SHIFT);
  await desk.type("composer", Key.ENTER);
  await page.locator(".msg--agent .bubble", { hasText: inserted.trim().slice(0, 12) }).waitFor();
  tell("the agent sent it, and the customer received it", `${AGENT.name}: ${inserted.trim()}`);
}

async function offline(server, desk, page) {
  await server.stop();
  await desk.says("connection", /离线/);
  tell(
    "the server went away",
    `the strip says: ${(await desk.text("connection")).replaceAll("\n", " ")}`,
  );
  await desk.type("composer", OFFLINE_REPLY, Key.ENTER);
  await desk.says("message-pending", /待发送/);
  await inBothLooks(desk, "desk-offline");
  tell(
    "the agent wrote all the same; the reply waits",
    (await desk.text("message-pending")).replaceAll("\n", " "),
  );
  await server.start();
  await page
    .locator(".msg--agent .bubble", { hasText: OFFLINE_REPLY })
    .waitFor({ timeout: 60_000 });
  await desk.says("connection", /在线/, 60_000);
  await until("nothing waits", async () => (await desk.count("message-pending")) === 0);
  const copies = await page.locator(".msg--agent .bubble", { hasText: OFFLINE_REPLY }).count();
  assert.equal(copies, 1, "delivered exactly once");
  tell("the server came back: the offline reply was delivered once");
}

/** The plug is pulled in the middle of a send, and again in the middle of the second try. */
async function plugPulledTwice(plug, desk, page) {
  const copies = page.locator(".msg--agent .bubble", { hasText: CUT_REPLY.slice(0, 12) });
  const out = plug.pullAt(CUT_REPLY);
  await desk.type("composer", CUT_REPLY, Key.ENTER);
  await out;
  await copies.waitFor({ timeout: 60_000 });
  await desk.says("connection", /离线/);
  await desk.says("message-pending", /待发送/);
  await inBothLooks(desk, "desk-cut");
  tell(
    "the plug was pulled in the middle of a send: the server has it, the desktop cannot know",
    `the strip says: ${oneLine(await desk.text("connection"))}; the message says: ${oneLine(await desk.text("message-pending"))}`,
  );
  await plug.pullAt(CUT_REPLY);
  await desk.says("connection", /离线/);
  await waiting(desk, 1);
  // It may have read in the feed by now that the message is there; the answer is still out.
  await inBothLooks(desk, "desk-cut-again");
  tell(
    "the desktop came back, sent it again, and the plug was pulled again before the answer",
    `the strip says: ${oneLine(await desk.text("connection"))}; the message says: ${await howFar(desk)}`,
  );
  plug.putBack();
  const notice = await until(
    "a notice says that it was delivered",
    async () => (await desk.text()).match(/刚才待发的回复已送到。/)?.[0],
    60_000,
  );
  await inBothLooks(desk, "desk-cut-delivered");
  await desk.says("connection", /在线/, 60_000);
  await until("nothing waits", async () => (await desk.count("message-pending")) === 0);
  await waiting(desk, 0);
  assert.match(await howFar(desk), /已送达|已读/);
  assert.equal(await copies.count(), 1, "delivered exactly once");
  tell(
    "the plug was put back: one message at the customer",
    `the notice says: ${notice} The message says: ${await howFar(desk)}`,
  );
}

/** What stands under the reply that was cut off. */
function howFar(desk) {
  return until("the message says how far it came", async () => {
    const said = await desk.all("message-me");
    const mine = said.find(({ text }) => text.includes(CUT_REPLY.slice(0, 12)));
    return mine?.text.match(/待发送|已发送|已送达|已读/)?.[0];
  });
}

/** Words that stand apart on the screen, apart in the line too. */
const oneLine = (text) => text.replaceAll("\n", " ").replace(/自 ?(\d\d:\d\d)/, " 自 $1 ");

async function inBothLooks(desk, name) {
  await desk.shot(path.join(OUT, `${name}-light.png`));
  await desk.chord("d", Key.ALT, Key.SHIFT);
  await desk.shot(path.join(OUT, `${name}-dark.png`));
  await desk.chord("l", Key.ALT, Key.SHIFT);
}

async function picturesOfTheChat(page) {
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.screenshot({ path: path.join(OUT, `chat-${scheme}.png`) });
  }
}

/** Searches both data folders for what was said, and the same on an unencrypted store. */
async function nothingReadable(server, deskFolder) {
  const texts = path.join(temporary("lingtai-texts-"), "texts.txt");
  writeFileSync(
    texts,
    `${[FIRST, "签收三天就降价60", "13812345678", OFFLINE_REPLY, CUT_REPLY].join("\n")}\n`,
  );
  const report = await run(program("at-rest"), [texts, server.data, deskFolder]);
  tell(
    "a byte search of both data folders finds none of it",
    report.trim().replaceAll("\n", "\n             "),
  );
}

await main(async () => {
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  const folder = temporary("lingtai-demo-");
  const { server, plug } = await openShop(options.data ?? path.join(folder, "server"));
  const browser = await openBrowser();
  const deskFolder = path.join(folder, "desk");
  const desk = await agentSignsIn(server, deskFolder);
  try {
    const page = await customerAsks(browser, server);
    if (!server.isKept) await morningBegins(server);
    await secondQuestion(page);
    await agentIsOffered(desk);
    await agentAnswers(desk, page);
    await offline(server, desk, page);
    await plugPulledTwice(plug, desk, page);
    await picturesOfTheChat(page);
  } catch (error) {
    await desk.shot(path.join(OUT, "failed.png"));
    throw error;
  } finally {
    await desk.close();
    await browser.close();
  }
  await server.stop();
  await nothingReadable(server, deskFolder);
  const audit = JSON.parse(
    await run(program("lingtai"), ["audit", "verify", "--data", server.data]),
  );
  tell("the chain of the audit log holds", `${audit.count} records, one for every act`);
  console.log(`\nPictures: ${path.relative(process.cwd(), OUT)}/`);
});
