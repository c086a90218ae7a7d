// Pictures of the console and of the chat page, from the sample shop over the real handlers.
// `cargo xtask shots` runs it. One PNG for each view, size, look and language, in LINGTAI_OUT;
// LINGTAI_SHOTS, a regular expression, chooses among the views and leaves out the rooms without any.
import assert from "node:assert/strict";
import path from "node:path";
import { waitingRule } from "./lib/alerting.mjs";
import { ask, chatUrl, isOnline, openBrowser, openChat } from "./lib/customer.mjs";
import { DevHost } from "./lib/devhost.mjs";
import { isDrawn } from "./lib/files.mjs";
import { startLogistics } from "./lib/logistics.mjs";
import { main, ROOT, temporary, until } from "./lib/process.mjs";
import { Screen } from "./lib/screen.mjs";
import { ADMIN, AGENT, COLLEAGUE, Server } from "./lib/server.mjs";
import { dialogues, saidBy } from "./lib/shop.mjs";
import { chooseServer, PASSPHRASE, signIn, waiting } from "./lib/signin.mjs";
import { DEPARTMENTS, FINANCE, fillBoard, LOGISTICS, tickets } from "./lib/tickets.mjs";
import { Visitor } from "./lib/visitor.mjs";

process.env.LINGTAI_OUT ??= path.join(ROOT, "target/shots");
const { elapsed, picture } = await import("./lib/report.mjs");

/** Whether one of these views is wanted. */
const WANTED = new RegExp(process.env.LINGTAI_SHOTS ?? "");
const wants = (...names) => names.some((name) => WANTED.test(name));

const SIZES = [
  [1440, 900],
  [1024, 640],
];
const THEMES = ["light", "dark"];
const LOCALES = ["zh-CN", "en"];
/** Whose story is told to the end; the others wait in the queue, or are with somebody. */
const STORY = "d-06";
const NO_ANSWER = "d-27";
const ANSWERED = ["d-03", "d-28", "d-23"];
const COLLEAGUES = ["d-22", "d-09"];
const QUEUE = ["d-05", "d-08", "d-10", "d-11", "d-29", "d-07", "d-25", "d-01", "d-16"];
/** Whose parcel the logistics service knows. */
const PARCEL = "郑*";
/** Whose conversation is looked at afterwards, and what was said to them. */
const SAMPLED = "d-13";
const HASTY = "系统有点慢，我也没办法，保证今天给您办好，您再等等。";
/** Offers stand while their pictures are taken. */
const OFFER_MS = 600_000;
/** The groups that answer customers. */
const CARE = ["售前组", "售后组", "投诉专席"];
/** The ticket that is looked at, which another department has, and one that is passed on. */
const TICKET = "退差价 60 元逾期未到账";
const TO_TRANSFER = "七天无理由退货";
const LATE = "银行卡 3 到 5 个工作日到账，我已为您加急，今天 18 点前再给您打电话。";

/** The window has another language within so long. */
const LANGUAGE_MS = 1_000;

let taken = 0;

/** The picture of what is shown, once its fonts are there, with the pointer out of the way. */
async function take(screen, ...name) {
  await screen.page.mouse.move(720, 2);
  await screen.page.evaluate(() => document.fonts.ready);
  // Charts follow a new size in the frame after it, words a new language when nothing else is to do.
  await screen.page.evaluate(
    () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
  );
  await screen.page.evaluate(
    () => new Promise((idle) => requestIdleCallback(idle, { timeout: 2_000 })),
  );
  await picture(screen, name.join("-"));
  taken += 1;
}

/** Chooses theme and language by their keys, as an agent would. */
async function look(desk, theme, locale) {
  const now = () =>
    desk.page.evaluate(() => [
      document.documentElement.dataset.theme,
      document.documentElement.lang,
    ]);
  await desk.press(theme === "dark" ? "Alt+Shift+KeyD" : "Alt+Shift+KeyL");
  // The key changes to the language that is not shown: one press too many is made good by another.
  let pressed = 0;
  await until(`${theme}, ${locale}`, async () => {
    const shown = await now();
    if (shown[1] !== locale && Date.now() - pressed > LANGUAGE_MS) {
      await desk.press("Alt+Shift+KeyE");
      pressed = Date.now();
    }
    return String(shown) === `${theme},${locale}`;
  });
}

async function closeToasts(desk) {
  await until("no toast is shown", async () => {
    if ((await desk.count("toast")) === 0) return true;
    await desk.at("toast").first().getByRole("button").last().click();
    return false;
  });
}

function bringIntoView(element) {
  element.scrollTop = 0;
  element.scrollIntoView({ block: "center" });
}

/** One view in every size, theme and language, with the element `at` where it is best seen.
 * `open` brings up what a change of look would close. */
async function everyLook(desk, name, open = undefined, at = undefined) {
  if (!wants(name)) return;
  await closeToasts(desk);
  for (const locale of LOCALES) {
    for (const theme of THEMES) {
      await look(desk, theme, locale);
      for (const [width, height] of SIZES) {
        await desk.page.setViewportSize({ width, height });
        await open?.();
        if (at) await desk.at(at).evaluate(bringIntoView);
        await take(desk, name, `${width}x${height}`, theme, locale);
        if (open) {
          await desk.press("Escape");
          await desk.page.locator("[role=dialog]").waitFor({ state: "detached" });
        }
      }
    }
  }
  await desk.page.setViewportSize({ width: 1440, height: 900 });
  await look(desk, "light", "zh-CN");
  console.log(`${elapsed()} s  ${name}`);
}

/** Before there is a store the system's theme holds. */
async function theWayIn(desk, server) {
  await chooseServer(desk, server);
  await desk.type("login-username", AGENT.username);
  await desk.type("login-password", AGENT.password);
  for (const colorScheme of THEMES) {
    if (!wants("sign-in")) break;
    await desk.page.emulateMedia({ colorScheme });
    for (const [width, height] of SIZES) {
      await desk.page.setViewportSize({ width, height });
      await take(desk, "sign-in", `${width}x${height}`, colorScheme, "zh-CN");
    }
  }
  await desk.page.emulateMedia({ colorScheme: "light" });
  await desk.page.setViewportSize({ width: 1440, height: 900 });
  await desk.reload("login");
}

/** A customer of the sample shop who says the first `n` things of a dialogue, and then others. */
async function customer(server, id, n, ...then) {
  const dialogue = dialogues().find((each) => each.id === id);
  const said = [...saidBy("customer", dialogue).slice(0, n), ...then];
  const visitor = await Visitor.saying(server, said, dialogue.contact);
  return { visitor, dialogue, name: `${[...dialogue.contact.name][0]}*` };
}

async function openRow(desk, name) {
  await desk.click("conv-row", name);
  await desk.page.locator("[data-testid=conversation] h1", { hasText: name }).waitFor();
}

async function takes(desk, name) {
  await desk.press("Alt+Digit2");
  await desk.find("conv-row", name);
  await openRow(desk, name);
  await desk.press("Alt+KeyC");
  await desk.find("message-system", "接入");
  await waiting(desk, 0);
}

/** Writes what the agent says in the dialogue, up to `n` times, with what the customer says to it. */
async function answers(desk, { visitor, dialogue, name }, n = 1) {
  await takes(desk, name);
  const agent = saidBy("agent", dialogue).slice(0, n);
  for (const [at, text] of agent.entries()) {
    await desk.type("composer", text);
    await desk.press("Enter");
    await until("the customer has the answer", async () =>
      (await visitor.replies()).includes(text),
    );
    if (n === 1) continue;
    const next = saidBy("customer", dialogue)[at + 1];
    await visitor.say(next);
    await desk.find("message-customer", next.slice(-6));
  }
}

/** What a colleague at another desk does. */
async function colleagueTakes(host, server, id) {
  const { name } = await customer(server, id, 1);
  const row = await until(`${name} waits at the colleague's desk`, async () => {
    const { rows } = await host.rpc("inbox.list", { scope: "queue", sort: "waiting" });
    return rows.find((each) => each.name.startsWith(name));
  });
  await host.rpc("conversation.claim", { conversation_id: row.id });
}

/** Tickets of the morning, many of them from conversations: of some who come with a ticket only, the
 * bot knows the first question. */
async function aBoard({ host, logistics, finance }, server) {
  const here = new Set([STORY, NO_ANSWER, ...ANSWERED, ...COLLEAGUES, ...QUEUE]);
  for (const { dialogue } of tickets())
    if (dialogue && !here.has(dialogue)) await customer(server, dialogue, 1);
  const named = new Set(tickets().map(({ dialogue }) => dialogue));
  const wanted = dialogues().filter(({ id }) => named.has(id));
  const conversations = await until("their conversations are here", async () => {
    const { rows } = await host.rpc("inbox.list", { scope: "all", sort: "waiting" });
    const found = wanted.map(({ id, contact }) => [
      id,
      rows.find(({ name }) => name.startsWith(`${[...contact.name][0]}*`))?.id,
    ]);
    return found.every(([, row]) => row) && Object.fromEntries(found);
  });
  return fillBoard({ care: host, logistics, finance }, conversations);
}

async function aMorning(desk, colleague, server) {
  await desk.press("Alt+Shift+Digit1");
  for (const id of QUEUE.slice(0, 5)) await customer(server, id, 3);
  for (const id of COLLEAGUES) await colleagueTakes(colleague, server, id);
  for (const id of ANSWERED) await answers(desk, await customer(server, id, 2));
  const story = await customer(server, STORY, 1);
  await answers(desk, story, 2);
  // The bot may ask back; who wants a person all the same is handed over.
  const odd = await customer(server, NO_ANSWER, 1, "转人工");
  await takes(desk, odd.name);
  for (const id of QUEUE.slice(5)) await customer(server, id, 3);
  await desk.press("Alt+Digit1");
  return { story, odd };
}

async function chats(browser, server, desk) {
  const { page, context } = await openChat(browser, chatUrl(server));
  await isOnline(page);
  await ask(page, "衣服尺码怎么选");
  await page.locator(".msg--bot:not([data-key=greeting])").waitFor();
  await ask(page, "转人工，帮我看看这款羽绒服拍什么码，165，110 斤");
  await page.locator("#queue").waitFor();
  const shot = async (name) => {
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme });
      await picture(
        { shot: (file) => page.screenshot({ path: file }) },
        `${name}-${colorScheme}-zh-CN`,
      );
      taken += 1;
    }
  };
  await shot("chat-queue");
  await takes(desk, "访客");
  await desk.type("composer", "您好，这款版型偏宽松，您拍 M 码正合适。");
  await desk.press("Enter");
  await page.locator(".msg--agent", { hasText: "M 码正合适" }).waitFor();
  await shot("chat-agent");
  await page
    .locator("#picker")
    .setInputFiles([{ name: "吊牌.png", mimeType: "", buffer: await page.screenshot() }]);
  await isDrawn((await desk.find("picture")).locator("img"));
  await everyLook(desk, "attachment");
  await everyLook(desk, "attachment-large", async () => {
    await desk.click("picture");
    await isDrawn(desk.at("large-picture"));
  });
  await context.close();
  console.log(`${elapsed()} s  chat page`);
}

async function offline(desk, server, story) {
  await desk.press("Alt+Digit1");
  await openRow(desk, story.name);
  await server.stop();
  await desk.says("connection", /离线/);
  await desk.type("composer", LATE);
  await desk.press("Enter");
  await desk.find("message-pending");
  await waiting(desk, 1);
  await everyLook(desk, "offline-pending");
  await server.start();
  await desk.says("connection", /在线/, 60_000);
  await waiting(desk, 0);
}

/** The tickets: filed from a conversation, on the board, as a table, and one of them open. */
async function theTickets(desk, story) {
  await openRow(desk, story.name);
  await desk.find("file-ticket");
  await everyLook(desk, "ticket-create", async () => {
    await desk.press("Alt+KeyN");
    await desk.find("filing-filled");
  });
  await desk.press("Alt+Shift+KeyT");
  await desk.find("ticket-board-card");
  await everyLook(desk, "ticket-board");
  if (wants("ticket-views")) {
    for (const name of ["签收异常", "今天到期的退款"]) {
      await desk.press("Control+Shift+KeyV");
      await desk.type("ticket-view-name", name);
      await desk.press("Enter");
      await desk.page.locator("[role=dialog]").waitFor({ state: "detached" });
    }
    await everyLook(desk, "ticket-views", async () => {
      await desk.press("Control+Shift+KeyV");
      await desk.find("ticket-view-line");
    });
  }
  await desk.press("Alt+KeyV");
  await desk.find("ticket-table-row");
  await everyLook(desk, "ticket-table");
  await desk.press("Alt+KeyV");
  await desk.click("ticket-board-card", TICKET);
  await desk.find("ticket-history");
  await everyLook(desk, "ticket-detail");
  await desk.click("ticket-sla-why");
  await everyLook(desk, "ticket-sla", undefined, "ticket-slas");
  await desk.click("ticket-board-card", TO_TRANSFER);
  await desk.says("ticket-title", new RegExp(TO_TRANSFER));
  await everyLook(desk, "ticket-transfer", async () => {
    await desk.press("Alt+Shift+KeyX");
    await desk.find("ticket-department");
  });
  if (wants("ticket-passed")) {
    await desk.press("Alt+Shift+KeyX");
    await desk.at("ticket-department").selectOption({ label: DEPARTMENTS[0] });
    await desk.click("ticket-transferring-do");
    await desk.find("ticket-take-back");
    await waiting(desk, 0);
    await everyLook(desk, "ticket-passed");
    await desk.press("Alt+KeyZ");
    await desk.gone("ticket-take-back");
    await waiting(desk, 0);
  }
  await desk.press("Escape", "Alt+KeyI");
}

/** Everything in one list, with a look around what is chosen. */
async function theSearch(desk) {
  await desk.press("Control+Shift+KeyF");
  await desk.type("search-input", "退款");
  await desk.page.locator('[data-query="退款"] [data-testid=search-hit] mark').first().waitFor();
  await desk.page.getByRole("button", { name: /^消息/ }).click();
  await desk.find("search-around");
  await everyLook(desk, "search");
  await desk.press("Alt+KeyI");
}

/** Many of the queue at once: they are given to another group. */
async function many(desk) {
  await desk.press("Alt+Digit2");
  await desk.find("conv-row");
  await desk.press("Alt+Shift+KeyJ");
  await desk.find("bulk");
  await everyLook(desk, "bulk");
  await everyLook(desk, "bulk-transfer", async () => {
    await desk.click("bulk-transfer");
    await desk.find("bulk-transfer-dialog");
  });
  await desk.click("bulk-clear");
}

/** How the groups assign: their agents pick, or are asked. */
async function assign(office, assign) {
  const { groups } = await office.rpc("routing.settings");
  for (const { id } of groups)
    await office.rpc("routing.configure", { setting: { kind: "group", group_id: id, assign } });
}

/** A conversation is offered to the agent, over whatever they do. */
async function anOffer(desk, office) {
  await assign(office, { kind: "auto", accept_ms: OFFER_MS });
  await desk.find("offer");
  await everyLook(desk, "offer");
  await assign(office, { kind: "pick" });
  await desk.press("Alt+Shift+KeyY");
}

/** The numbers of this morning, and the same on a wall. */
async function theNumbers(admin) {
  await admin.press("Control+Shift+KeyD");
  await admin.find("metric-volume");
  await admin.page.locator("[data-testid=chart-volume] [data-drawn]").waitFor();
  await everyLook(admin, "metrics");
  await everyLook(admin, "metrics-charts", undefined, "figure-intents");
  await admin.press("Control+Alt+KeyW");
  await admin.find("wallboard");
  await admin.page.locator("[data-testid=wallboard] [data-drawn]").first().waitFor();
  await everyLook(admin, "wallboard");
  await admin.press("Escape");
  await admin.find("metrics");
}

/** The rooms of the knowledge and of the engine, as an administrator sees them. */
async function theOffice(admin) {
  await admin.press("Alt+KeyK");
  await admin.type("faq-query", "退款");
  await admin.click("faq-row", "退款");
  await admin.find("faq-entry");
  await everyLook(admin, "knowledge");
  await admin.press("Alt+KeyH");
  await admin.click("health-run");
  await admin.says("health-summary", /问法|wordings/, 120_000);
  await everyLook(admin, "knowledge-health");
  await admin.press("Alt+KeyG");
  await admin.type("engine-synonyms", "退款＝绿纸票\n星享会员＝VIP会员");
  await admin.type("engine-words", "鲜生活\n星享卡");
  await admin.page.getByText("目标准确率", { exact: true }).first().click();
  await admin.type("engine-question", "绿纸票多久到账");
  await admin.press("Enter");
  await admin.find("engine-trial");
  await everyLook(admin, "engine-try", undefined, "engine-trial");
  await everyLook(admin, "engine-curve", undefined, "engine-curve");
  await everyLook(admin, "engine", undefined, "settings");
  await admin.press("Alt+Shift+KeyP");
  await admin.find("ticket-type-name");
  await everyLook(admin, "ticket-types");
}

/** A backup of the desk, and what is asked before it takes the place of what is there. */
async function theRestore(desk) {
  await desk.click("make-backup");
  await desk.type("backup-passphrase", PASSPHRASE);
  await desk.type("backup-again", PASSPHRASE);
  await desk.click("make-backup-submit");
  await desk.gone("backup-dialog");
  await everyLook(desk, "restore", async () => {
    await desk.click("restore-backup");
    await desk.type("restore-passphrase", PASSPHRASE);
    await desk.click("restore-submit");
    await desk.find("restore-found");
  });
}

/** Who has an account and where they work, and one of them. */
async function theMembers(admin) {
  await admin.press("Control+Alt+Digit7");
  await admin.find("member-row");
  await everyLook(admin, "members");
  await everyLook(admin, "member", async () => {
    await admin.click("member-row", AGENT.name);
    await admin.find("member-form");
  });
}

/** What goes on, as a lead sees it. */
async function theLiveRoom(admin) {
  await admin.press("Control+Shift+KeyO");
  await admin.find("live-table-row");
  await everyLook(admin, "live");
}

async function play({ desk, colleague, admin, browser, server, ...desks }) {
  await theWayIn(desk, server);
  await signIn(desk, server);
  await everyLook(desk, "inbox-empty");
  const { story, odd } = await aMorning(desk, colleague, server);
  console.log(`${elapsed()} s  customers came, some were answered`);
  const ofTickets = ["create", "board", "views", "table", "detail", "sla", "transfer", "passed"];
  if (wants(...ofTickets.map((name) => `ticket-${name}`))) {
    await aBoard(desks, server);
    console.log(`${elapsed()} s  tickets were filed`);
    await theTickets(desk, story);
  }
  await openRow(desk, story.name);
  await desk.find("suggestion-1");
  await everyLook(desk, "inbox-suggestions");
  await everyLook(desk, "transfer", async () => {
    await desk.press("Alt+KeyX");
    await desk.find("transfer-target");
  });
  await desk.press("Alt+KeyW");
  await desk.find("why");
  await everyLook(desk, "inbox-why");
  await desk.press("Alt+KeyW");
  await openRow(desk, odd.name);
  await desk.find("no-answer");
  await everyLook(desk, "inbox-no-answer");
  await desk.press("Alt+Digit2");
  await openRow(desk, PARCEL);
  await desk.click("assist-contact");
  await desk.says("sheets", /SF1234567890123/);
  await everyLook(desk, "customer");
  await desk.click("assist-answers");
  await openRow(desk, "宋*");
  await desk.find("claim");
  await desk.find("suggestion-1");
  await everyLook(desk, "queue");
  await everyLook(desk, "palette-search", async () => {
    await desk.press("Control+KeyK");
    await desk.type("palette-input", "电话");
    await desk.find("palette-message");
    await desk.find("palette-faq");
  });
  await everyLook(desk, "keys", async () => {
    await desk.press("Alt+KeyQ", "Shift+Slash");
    await desk.find("keys");
  });
  if (wants("search")) await theSearch(desk);
  if (wants("bulk", "bulk-transfer")) await many(desk);
  await desk.press("Control+Comma");
  await desk.find("settings");
  await everyLook(desk, "settings");
  if (wants("restore")) await theRestore(desk);
  await desk.press("Alt+KeyI");
  await signIn(admin, server, ADMIN);
  if (wants("knowledge", "knowledge-health", "engine", "ticket-types")) await theOffice(admin);
  if (wants("members", "member")) await theMembers(admin);
  if (wants("live")) await theLiveRoom(admin);
  if (wants("metrics", "metrics-charts", "wallboard")) await theNumbers(admin);
  if (wants("alerts", "alert-rule", "alert-delivery", "alert-window"))
    await theAlerts(admin, browser, desks.office);
  if (wants("quality-review", "quality-form", "quality-rule", "quality-mine"))
    await theQuality(desk, admin, server);
  if (wants("offer")) await anOffer(desk, desks.office);
  if (wants("chat-queue", "chat-agent", "attachment")) await chats(browser, server, desk);
  if (wants("offline-pending")) {
    await offline(desk, server, story);
    await desk.find("toast"); // the reply that waited was delivered
  }
  if (wants("sign-in-again")) await wayBackIn(desk);
  if (wants("unlock", "unlock-account")) await lockedDesk(desk);
  assert.deepEqual([...desk.complaints, ...admin.complaints], []);
}

/** Alerts, the rules that gave them, and the lead's small window. */
async function theAlerts(admin, browser, office) {
  await office.rpc("alert.rule_save", waitingRule("排队客户过多", "critical", 3));
  await office.rpc("alert.rule_save", waitingRule("有客户在排队", "warning", 0));
  await until("both rules fire", async () => {
    const { n_firing } = await office.rpc("alert.list", { scope: "open", limit: 10 });
    return n_firing >= 2;
  });
  await admin.press("Control+Alt+KeyA");
  await admin.find("alert-detail");
  await everyLook(admin, "alerts");
  await admin.press("Control+Alt+KeyR");
  await admin.click("rule-row", "排队客户过多");
  await admin.find("preview-count");
  await everyLook(admin, "alert-rule");
  await admin.press("Control+Alt+KeyD");
  await admin.find("delivery");
  await everyLook(admin, "alert-delivery");
  const viewport = { width: 380, height: 220 };
  const small = await Screen.open(browser, `${office.url}/alerts.html`, { viewport });
  await small.find("alert-window");
  for (const locale of LOCALES)
    for (const theme of THEMES) {
      await look(admin, theme, locale);
      await until("the small window follows", () =>
        small.page.evaluate(
          (wanted) =>
            `${document.documentElement.dataset.theme},${document.documentElement.lang}` === wanted,
          `${theme},${locale}`,
        ),
      );
      await take(small, "alert-window", theme, locale);
    }
  await look(admin, "light", "zh-CN");
  assert.deepEqual(small.complaints, []);
  await small.close();
}

/** A conversation that is sampled for what was said in it and scored, the form that it is scored by, the
 * rule that sampled it, and what its agent sees of it. */
async function theQuality(desk, admin, server) {
  const sampled = await customer(server, SAMPLED, 1, "转人工！再不处理我就打 12315 投诉你们");
  await takes(desk, sampled.name);
  await desk.type("composer", HASTY);
  await desk.press("Enter");
  await until("the customer has the answer", async () =>
    (await sampled.visitor.replies()).includes(HASTY),
  );
  await desk.press("Control+KeyD");
  await desk.find("composer-closed");
  await admin.press("Control+Alt+KeyQ");
  await admin.find("quality-row");
  await admin.find("quality-total");
  await admin.click("quality-evidence");
  await admin.page.locator("[data-testid=quality-thread] [data-sought]").waitFor();
  await everyLook(admin, "quality-review");
  await admin.press("Control+Alt+KeyO");
  await admin.find("quality-form-editor");
  await everyLook(admin, "quality-form");
  await admin.press("Control+Alt+KeyJ");
  await admin.find("quality-rule-editor");
  await everyLook(admin, "quality-rule");
  await admin.page.getByRole("tab", { name: "评分", exact: true }).click();
  await admin.type("quality-comment", "解释了原因，但不该答应当天办好。");
  await admin.press("Control+Alt+KeyY");
  await admin.gone("quality-row");
  await desk.press("Control+Alt+KeyH");
  await desk.find("quality-sum");
  await desk.find("quality-row");
  await everyLook(desk, "quality-mine");
  await desk.press("Alt+KeyI");
}

/** After a sign-out the chosen look and language hold. */
async function wayBackIn(desk) {
  await closeToasts(desk);
  for (const locale of LOCALES) {
    for (const theme of THEMES) {
      await look(desk, theme, locale);
      await desk.press("Alt+Shift+KeyQ");
      await desk.find("login");
      for (const [width, height] of SIZES) {
        await desk.page.setViewportSize({ width, height });
        await take(desk, "sign-in-again", `${width}x${height}`, theme, locale);
      }
      await desk.type("login-password", AGENT.password);
      if ((await desk.count("login-passphrase")) > 0)
        await desk.type("login-passphrase", PASSPHRASE);
      await desk.click("login-submit");
      await desk.has("connection", "data-state", "online");
    }
  }
}

/** A locked desk: its passphrase, and the account for whoever forgot it. */
async function lockedDesk(desk) {
  await closeToasts(desk);
  for (const locale of LOCALES) {
    for (const theme of THEMES) {
      await look(desk, theme, locale);
      await desk.press("Control+Alt+Backspace");
      await desk.find("unlock");
      for (const [width, height] of SIZES) {
        await desk.page.setViewportSize({ width, height });
        await take(desk, "unlock", `${width}x${height}`, theme, locale);
      }
      await desk.click("unlock-by-account");
      await desk.type("unlock-username", AGENT.username);
      await desk.type("unlock-new", PASSPHRASE);
      for (const [width, height] of SIZES) {
        await desk.page.setViewportSize({ width, height });
        await take(desk, "unlock-account", `${width}x${height}`, theme, locale);
      }
      await desk.click("unlock-by-passphrase");
      await desk.type("unlock-passphrase", PASSPHRASE);
      await desk.click("unlock-submit");
      await desk.has("connection", "data-state", "online");
    }
  }
}

/** Some hundred views in both looks, languages and sizes, on a machine that has other work too. */
const LIMIT_MINUTES = 30;

await main(async () => {
  const folder = temporary("lingtai-shots-");
  const connectors = await startLogistics(path.join(folder, "connectors.json"));
  const server = await Server.create({ data: path.join(folder, "server"), connectors });
  await server.start();
  const [browser, host, colleague, office, logistics, finance] = await Promise.all([
    openBrowser(),
    DevHost.start({ data: path.join(folder, "desk") }),
    DevHost.start({ data: path.join(folder, "colleague"), keychain: true }),
    DevHost.start({ data: path.join(folder, "admin"), keychain: true }),
    DevHost.start({ data: path.join(folder, "logistics"), keychain: true }),
    DevHost.start({ data: path.join(folder, "finance"), keychain: true }),
    server.setUp(
      [{ ...AGENT, groups: CARE }, { ...COLLEAGUE, groups: CARE }, LOGISTICS, FINANCE],
      DEPARTMENTS,
    ),
  ]);
  for (const [at, { username, password }] of [
    [colleague, COLLEAGUE],
    [logistics, LOGISTICS],
    [finance, FINANCE],
  ]) {
    const passphrase = null;
    await at.rpc("session.login", { server: server.enrolment, username, password, passphrase });
  }
  const desk = await Screen.open(browser, host.url);
  const admin = await Screen.open(browser, office.url);
  try {
    await play({ desk, colleague, admin, browser, server, host, office, logistics, finance });
  } catch (error) {
    await picture(desk, "failed");
    throw error;
  } finally {
    await browser.close();
  }
  console.log(`\n${taken} pictures: ${path.relative(process.cwd(), process.env.LINGTAI_OUT)}/`);
}, LIMIT_MINUTES);
