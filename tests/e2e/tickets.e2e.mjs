// A ticket from a conversation through two departments, over the real handlers and a real server:
// filed, moved, waited for, passed on, returned, resolved and verified, nearly all of it by key.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { openBrowser } from "./lib/customer.mjs";
import { DevHost } from "./lib/devhost.mjs";
import { main, temporary, until } from "./lib/process.mjs";
import { passed, picture } from "./lib/report.mjs";
import { Screen } from "./lib/screen.mjs";
import { ADMIN, AGENT, Server } from "./lib/server.mjs";
import { signIn, waiting } from "./lib/signin.mjs";
import { DEPARTMENTS, FINANCE } from "./lib/tickets.mjs";
import { Visitor } from "./lib/visitor.mjs";

const PHONE = "13812345678";
const ORDER = "LX20261109887213";
const ASKED = `转人工，订单${ORDER}说好退差价60元，一直没到账，我手机${PHONE}`;

const TITLE = "退差价 60 元没有到账";

/** Waits until the open ticket stands so. */
const stands = (desk, state) => desk.has("ticket", "data-state", state);
const columnOf = (desk, title) =>
  desk.page
    .locator("[data-column]", { has: desk.at("ticket-board-card", title) })
    .first()
    .getAttribute("data-column");
/** Waits until a card has come to a column, whose place is then its own. */
const liesIn = (desk, title, column) =>
  until(`the card is in ${column}`, async () => (await columnOf(desk, title)) === column);

async function shown(desk, text) {
  await desk.page.getByText(text).first().waitFor();
}

async function filesIt(desk, server) {
  const visitor = await Visitor.saying(server, [ASKED], { name: "陈思远" });
  await desk.press("Alt+Digit2");
  await desk.find("conv-row", "陈**");
  await desk.press("Control+KeyJ");
  await desk.find("file-ticket");
  await desk.press("Alt+KeyN");
  await desk.find("filing-title");
  await desk.says("filing-filled", /已从会话里填好 \d 项/);
  assert.ok(!(await desk.page.content()).includes(PHONE), "the number is masked in the form");
  passed("a form comes filled in with what the conversation has, masked");
  await desk.at("filing-type").selectOption({ label: "账单争议" });
  await desk.find("filing-dispute");
  await desk.type("filing-title", TITLE);
  await desk.type("filing-amount", "六十");
  await desk.press("Control+Enter");
  await shown(desk, "请填金额，例如 59.90");
  await shown(desk, "这一项必须填");
  await desk.type("filing-amount", "60");
  await desk.at("filing-dispute").selectOption("退款未到账");
  await desk.at("filing-dispute").press("Control+Enter");
  await desk.gone("filing");
  await desk.says("assist-ticket", /T-\d+[\s\S]*退差价 60 元没有到账/);
  await waiting(desk, 0);
  passed("what is wrong is told under its field; filed by Ctrl+Enter it has its number");
  return visitor;
}

async function movesIt(desk, visitor) {
  await desk.press("Alt+Shift+KeyT");
  await desk.find("ticket-board-card", TITLE);
  assert.equal(await columnOf(desk, TITLE), "new");
  await desk.press("ArrowDown", "Enter");
  await desk.find("ticket-history");
  await desk.press("Alt+Shift+KeyC");
  await stands(desk, "open");
  await liesIn(desk, TITLE, "open");
  passed("opened and claimed by key, its card goes to 处理中");
  await desk.at("ticket-board").focus();
  await desk.press("Shift+ArrowRight");
  await desk.find("ticket-pending-note");
  await desk.type("ticket-pending-note", "请客户补一张扣款截图");
  await desk.press("Control+Enter");
  await stands(desk, "pending_customer");
  await desk.says("ticket-history", /等客户回复，时限暂停：请客户补一张扣款截图/);
  await desk.says("ticket-slas", /已暂停/);
  await waiting(desk, 0);
  await visitor.say("截图发你了");
  await stands(desk, "open");
  await desk.says("ticket-history", /继续处理/);
  passed("while the customer has to act the promises are paused; their word lets it go on");
}

async function isDragged(desk) {
  await liesIn(desk, TITLE, "open");
  const card = await desk.at("ticket-board-card").first().boundingBox();
  const hold = await desk.page.locator('[data-column="on_hold"]').boundingBox();
  await desk.page.mouse.move(card.x + 60, card.y + 40);
  await desk.page.mouse.down();
  await desk.page.mouse.move(card.x + 90, card.y + 60, { steps: 3 });
  await desk.page.mouse.move(hold.x + 60, hold.y + 80, { steps: 5 });
  await until("the columns that take it light up, and no other", async () => {
    const takes = await desk.page
      .locator("[data-takes]")
      .evaluateAll((columns) => columns.map((column) => column.dataset.column));
    assert.deepEqual(takes, ["pending_customer", "on_hold", "resolved", "cancelled"]);
    return true;
  });
  await desk.page.mouse.up();
  await desk.at("ticket-until").press("Control+Enter");
  await stands(desk, "on_hold");
  await desk.says("ticket-history", /搁置到/);
  passed("a dragged card lights up only the columns that take it");
  await desk.press("Alt+Shift+KeyM");
  await desk.type("ticket-moves-input", "处理中");
  await desk.press("Enter");
  await stands(desk, "open");
  await waiting(desk, 0);
  passed("another state is chosen by a few letters");
}

async function goesToAnotherDepartment(desk, finance) {
  await desk.press("Alt+Shift+KeyX");
  await desk.at("ticket-department").selectOption({ label: "财务组" });
  await desk.type("ticket-transferring-note", "核对退款流水");
  await desk.press("Control+Enter");
  await desk.says("ticket-flow", /售后组[\s\S]*财务组[\s\S]*售后组/);
  await desk.says("ticket-history", /转到财务组，处理完退回：核对退款流水/);
  await shown(desk, "这张工单在财务组");
  assert.equal(await desk.count("ticket-resolve"), 0);
  passed("passed on with a word, it is still seen by those who wait for it");

  await finance.press("Alt+Shift+KeyT");
  await finance.find("ticket-board-card", "退差价");
  await finance.press("ArrowDown", "Enter");
  await finance.says("ticket-history", /核对退款流水/);
  assert.ok(!(await finance.page.content()).includes(PHONE), "masked at the other department too");
  await finance.press("Alt+Shift+KeyC");
  await stands(finance, "open");
  await finance.press("Alt+Shift+KeyN");
  await finance.type("ticket-note", `@${AGENT.name.slice(0, 1)}`);
  await finance.find("mention", AGENT.name);
  await finance.press("Enter");
  await finance.page.keyboard.insertText("渠道超时，已重跑，11 点前到账");
  await shown(finance, `会通知 ${AGENT.name}`);
  await finance.press("Control+Enter");
  await desk.says("ticket-history", /渠道超时，已重跑/);
  await shown(desk, /的备注提到了你/);
  await desk.find("ticket-names-me");
  passed("what the other department writes is there at once, and who is named in it is told");
  await finance.press("Alt+Shift+KeyR");
  await finance.type("ticket-returning-note", "已退回原卡");
  await finance.press("Control+Enter");
  await desk.says("ticket-history", /退回售后组：已退回原卡/);
  await shown(desk, /退回给你了/);
  await finance.gone("ticket");
  passed("it comes back to who passed it on, who is told");
}

async function isResolved(desk) {
  // It came back to who passed it on: there is nothing to claim.
  await stands(desk, "open");
  await desk.find("ticket-resolve");
  await desk.press("Control+KeyD");
  await desk.at("ticket-resolving-note").press("Control+Enter");
  await shown(desk, "这一项必须填");
  await desk.type("form-input", "4200002026112612345");
  await desk.press("Control+Enter");
  await stands(desk, "resolved");
  passed("it is not resolved before its form is whole");
  await desk.press("Alt+Shift+KeyV");
  await desk.at("ticket-verifying-note").press("Control+Enter");
  await stands(desk, "closed");
  await desk.click("ticket-sla-why");
  await desk.says("ticket-sla", /用了/);
  await waiting(desk, 0);
  passed("verified it is closed, and each promise tells how it counted");
}

async function isFiledOffline(desk, server) {
  await server.stop();
  await desk.says("connection", /离线/);
  await desk.find("tickets-offline");
  await desk.press("Alt+KeyN");
  await desk.at("filing-type").selectOption({ label: "物流查件" });
  await desk.type("filing-title", "包裹三天没动");
  await desk.type("filing-tracking", "SF1234567890");
  await desk.at("filing-problem").selectOption("物流停滞");
  await desk.at("filing-problem").press("Control+Enter");
  await desk.gone("filing");
  const card = await desk.find("ticket-board-card", "包裹三天没动");
  assert.match(await card.innerText(), /待编号[\s\S]*待同步/);
  passed("offline it is filed all the same, and says that it is not sent");
  await server.start();
  await desk.says("connection", /在线/, 60_000);
  await waiting(desk, 0);
  await until("it has its number", async () =>
    /T-\d+/.test(await desk.at("ticket-board-card", "包裹三天没动").first().innerText()),
  );
  passed("online again it has its number");
}

async function isFound(desk) {
  await desk.press("Escape");
  await desk.press("Alt+KeyV");
  await desk.find("ticket-table-row", "包裹三天没动");
  await desk.press("Alt+Shift+KeyI");
  await desk.says("ticket-shown", /^2 张/);
  await desk.at("ticket-filter-state").selectOption("unfinished");
  await desk.says("ticket-shown", /^1 张/);
  await desk.press("Alt+KeyV");
  await desk.find("ticket-board-card", "包裹三天没动");
  assert.equal(await desk.count("column-closed"), 0, "only the columns of the filter are there");
  await desk.press("Alt+KeyV");
  await desk.type("ticket-query", "三天没动");
  await desk.says("ticket-shown", /^1 张/);
  await desk.press("Control+KeyK");
  await desk.type("palette-input", "退差价");
  await desk.find("palette-ticket", "退差价 60 元没有到账");
  await desk.press("Escape");
  passed("tickets are found in the table and from the palette");
}

async function isMerged(desk) {
  await desk.press("Alt+KeyN");
  await desk.at("filing-type").selectOption({ label: "物流查件" });
  await desk.type("filing-title", "同一个包裹，又来催了");
  await desk.type("filing-tracking", "SF1234567890");
  await desk.at("filing-problem").selectOption("物流停滞");
  await desk.at("filing-problem").press("Control+Enter");
  await desk.gone("filing");
  await desk.click("ticket-clear");
  await desk.click("ticket-table-row", "又来催了");
  await desk.says("ticket-number", /T-\d+/);
  await waiting(desk, 0);
  await desk.press("Alt+Shift+KeyG");
  await desk.type("ticket-merging-input", "三天没动");
  await desk.find("ticket-merging-item", "包裹三天没动");
  await desk.press("Enter");
  await desk.click("ticket-merge-do");
  await desk.says("ticket-title", /包裹三天没动/);
  await desk.says("ticket-history", /并入 T-\d+「同一个包裹，又来催了」/);
  await waiting(desk, 0);
  passed("two of one matter are merged into one");
}

async function isDoneToMany(desk) {
  const urgent = desk.at("ticket-table-row", "包裹三天没动").filter({ hasText: "紧急" }).first();
  await desk.press("Escape");
  await desk.at("ticket-table").focus();
  await desk.press("Control+KeyA");
  await desk.says("ticket-bulk", /选了 3 张/);
  await desk.click("bulk-priority");
  await desk.type("bulk-priorities-input", "紧急");
  await desk.press("Enter");
  await desk.says("bulk-preview", /1 张可以执行/);
  await desk.says("bulk-refused", /退差价 60 元没有到账/);
  await picture(desk, "tickets-many");
  await desk.click("bulk-do");
  await shown(desk, "已处理 1 张：优先级改为「紧急」，2 张不能执行");
  await urgent.waitFor();
  passed("many are changed at once after a look at what would come of it");
  await desk.page.getByText("撤销", { exact: true }).first().click();
  await shown(desk, "已撤销 1 张");
  await urgent.waitFor({ state: "detached" });
  await waiting(desk, 0);
  await desk.press("Escape");
  await desk.gone("ticket-bulk");
  passed("it is taken back where that is legal");
}

async function isExported(desk, admin) {
  await desk.press("Alt+Shift+KeyO");
  assert.equal(await desk.count("ticket-exporting"), 0, "an agent may not");
  await admin.press("Alt+Shift+KeyT");
  await admin.find("ticket-board-card", "包裹三天没动");
  await admin.press("Alt+Shift+KeyO");
  await admin.click("ticket-export-do");
  const said = await until("the export is told", async () =>
    (await admin.text()).match(/已导出 (\d+) 张：(\S+\.csv)/),
  );
  const csv = readFileSync(said[2], "utf8");
  assert.equal(Number(said[1]), 3);
  assert.match(csv, /退差价 60 元没有到账/);
  assert.ok(!csv.includes(PHONE) && !csv.includes("陈思远"), "the file is masked");
  passed("an administrator exports what is shown, masked");
}

async function typesAreWritten(desk, admin) {
  await admin.press("Alt+Shift+KeyP");
  await admin.click("ticket-type", "物流查件");
  await admin.click("ticket-field-new");
  await admin.at("ticket-field-label").last().fill("驿站名称");
  await admin.press("Control+Shift+KeyS");
  await shown(admin, "「物流查件」已保存");
  // A clock stands beside it until the server has it.
  await admin.at("ticket-type", "物流查件").locator("svg").waitFor({ state: "detached" });
  await waiting(admin, 0);
  await desk.press("Alt+KeyN");
  await desk.at("filing-type").selectOption({ label: "物流查件" });
  await shown(desk, "驿站名称");
  await desk.press("Escape");
  await desk.gone("filing");
  passed("a field that an administrator adds is in the next form");
}

async function play({ desk, finance, admin, server }) {
  await signIn(desk, server);
  await signIn(finance, server, FINANCE);
  await signIn(admin, server, ADMIN);
  await desk.press("Alt+Shift+Digit1");
  const visitor = await filesIt(desk, server);
  await movesIt(desk, visitor);
  await isDragged(desk);
  await goesToAnotherDepartment(desk, finance);
  await isResolved(desk);
  await isFiledOffline(desk, server);
  await isFound(desk);
  await isMerged(desk);
  await isDoneToMany(desk);
  await isExported(desk, admin);
  await typesAreWritten(desk, admin);
  const complaints = [desk, finance, admin].flatMap((screen) => screen.complaints);
  assert.deepEqual(complaints, []);
  passed("no page broke its policy or reported an error");
}

await main(async () => {
  const folder = temporary("lingtai-tickets-");
  const server = await Server.create({ data: path.join(folder, "server") });
  await server.start();
  const [browser, host, other, office] = await Promise.all([
    openBrowser(),
    DevHost.start({ data: path.join(folder, "desk") }),
    DevHost.start({ data: path.join(folder, "finance"), keychain: true }),
    DevHost.start({ data: path.join(folder, "admin"), keychain: true }),
    server.setUp([{ ...AGENT, groups: ["售前组", "售后组"] }, FINANCE], DEPARTMENTS),
  ]);
  const desk = await Screen.open(browser, host.url);
  const finance = await Screen.open(browser, other.url);
  const admin = await Screen.open(browser, office.url);
  passed("a server, two departments and a browser run");
  try {
    await play({ desk, finance, admin, server });
  } catch (error) {
    for (const screen of [desk, finance, admin])
      for (const line of screen.complaints) console.error(`page: ${line}`);
    await picture(desk, "tickets-failed");
    await picture(finance, "tickets-failed-finance");
    await picture(admin, "tickets-failed-admin");
    throw error;
  } finally {
    await browser.close();
  }
});
