// A conversation from the queue to resolved with a ticket filed, by the keyboard alone, over the real
// handlers and a real server: no press of a mouse button is seen by the page from the sign-in on.
import assert from "node:assert/strict";
import path from "node:path";
import { openBrowser } from "./lib/customer.mjs";
import { DevHost } from "./lib/devhost.mjs";
import { main, temporary, until } from "./lib/process.mjs";
import { passed, picture } from "./lib/report.mjs";
import { Screen } from "./lib/screen.mjs";
import { AGENT, COLLEAGUE, Server } from "./lib/server.mjs";
import { signIn, waiting } from "./lib/signin.mjs";
import { DEPARTMENTS } from "./lib/tickets.mjs";
import { Visitor } from "./lib/visitor.mjs";

const ORDER = "LX20261109887213";
const ASKED = `转人工，订单${ORDER}收到的杯子碎了，想退货`;
const SECRET = "这位老客户上月投诉过";
const MOST_TABS = 90;

/** Types as a person does: key by key into whatever has the focus. */
const typing = (desk, text) => desk.page.keyboard.type(text);

const focused = (desk) => desk.page.evaluate(() => document.activeElement?.dataset.testid ?? "");

/** Goes by Tab to the element of a name. */
async function tabTo(desk, testid, key = "Tab") {
  for (let n = 0; n < MOST_TABS; n += 1) {
    if ((await focused(desk)) === testid) return;
    await desk.press(key);
  }
  throw new Error(`${testid} is not reached by ${key}: the focus is on ${await focused(desk)}`);
}

/** Counts presses of a mouse button from now on. */
function watchTheMouse(desk) {
  return desk.page.evaluate(() => {
    window.presses = 0;
    addEventListener("pointerdown", () => (window.presses += 1), true);
  });
}

async function writesACannedReply(desk) {
  await desk.press("Control+Shift+KeyY");
  await desk.find("canned");
  await tabTo(desk, "canned-new");
  await desk.press("Enter");
  await desk.find("canned-form");
  await tabTo(desk, "canned-title");
  await typing(desk, "退货说明");
  await tabTo(desk, "canned-code");
  await typing(desk, "th");
  await tabTo(desk, "canned-text");
  await typing(desk, "您好，订单 {{订单号}} 可以退货，请在 {{天数}} 天内寄回。");
  await tabTo(desk, "canned-save");
  await desk.press("Enter");
  await desk.gone("canned-form");
  await desk.find("canned-row", "退货说明");
  passed("a canned reply with places to fill in is written");
}

async function acceptsWhatIsOffered(desk) {
  await desk.press("Alt+KeyI", "Alt+Digit2");
  await desk.find("conv-row", "陈**");
  assert.equal(await desk.count("offer-mark"), 0, "nobody is there to be asked");
  await desk.press("Alt+Shift+Digit1");
  await desk.says("presence", /接待中/);
  await desk.says("offer", /陈\*\*/);
  await desk.says("offer-mark", /派给您/);
  await desk.press("Alt+KeyY");
  await desk.find("composer");
  await desk.find("message-system", `${AGENT.name}接入`);
  await desk.gone("offer");
  await waiting(desk, 0);
  passed("who goes online is offered what waits, the list shows it, and a key accepts it");
}

async function tellsAColleague(desk, colleague, visitor) {
  await desk.press("Control+KeyE");
  await until("the note has the focus", async () => (await focused(desk)) === "note");
  await typing(desk, `${SECRET}，麻烦@${COLLEAGUE.name.slice(0, 1)}`);
  await desk.find("mention", COLLEAGUE.name);
  await desk.press("Enter");
  await typing(desk, "看一下");
  await desk.press("Enter");
  await desk.find("message-note", SECRET);
  await waiting(desk, 0);
  await desk.press("Control+KeyE");
  await desk.find("composer");
  await colleague.press("Alt+Digit3");
  await colleague.find("mention-mark");
  await colleague.press("Alt+KeyQ", "ArrowDown", "Enter");
  await colleague.find("message-note", SECRET);
  await colleague.gone("mention-mark");
  const page = JSON.stringify(await visitor.messages());
  assert.ok(!page.includes("投诉"), "the customer's page has nothing of a note");
  passed("a note tells a colleague by name, and the customer sees nothing of it");
  await colleague.find("colleagues", AGENT.name);
  await desk.find("colleagues", COLLEAGUE.name);
  passed("each sees that the other is looking");
}

async function answers(desk, visitor) {
  await desk.press("Alt+KeyR");
  await until("the composer has the focus", async () => (await focused(desk)) === "composer");
  await typing(desk, "/th");
  await desk.find("canned-item", "退货说明");
  await desk.press("Enter");
  await desk.holds(/订单 \*+7213 可以退货，请在 \{\{天数\}\} 天内/);
  await until(
    "the place is selected",
    async () =>
      (await desk.page.evaluate(() => {
        const { value, selectionStart, selectionEnd } = document.activeElement;
        return value?.slice(selectionStart, selectionEnd);
      })) === "{{天数}}",
  );
  await typing(desk, "7");
  await desk.press("Enter");
  await visitor.hears(new RegExp(`订单 ${ORDER} 可以退货，请在 7 天内`));
  assert.ok(!(await desk.page.content()).includes(ORDER), "the desk shows the number masked");
  passed("/ finds the canned reply; the customer reads the whole number, the desk a masked one");
  await desk.press("Alt+KeyD");
  await desk.find("quoting");
  await typing(desk, "杯子的照片请发我一张");
  await desk.press("Enter");
  await visitor.hears(/照片/);
  const quoted = (await visitor.messages()).find(({ text }) => text.includes("照片"));
  assert.match(quoted.quote, /杯子碎了/);
  // What is taken back is the last one that the list has: until then that is the one before.
  await desk
    .at("message-me", "照片")
    .and(
      desk.page.locator(
        ":is([data-delivery=sent], [data-delivery=delivered], [data-delivery=read])",
      ),
    )
    .first()
    .waitFor();
  await waiting(desk, 0);
  await desk.press("Control+Shift+KeyU");
  await desk.find("recalled");
  await until("the message has left the page", async () =>
    (await visitor.messages()).every(({ text }) => !text.includes("照片")),
  );
  assert.ok((await visitor.messages()).some(({ text }) => text.includes("撤回了一条消息")));
  passed("an answer shows what it answers, and taken back it leaves the customer's page");
}

async function sorts(desk) {
  await desk.press("Alt+KeyT");
  await typing(desk, "退货");
  await desk.press("Enter");
  await desk.find("tag", "退货");
  await desk.press("Alt+KeyQ", "Control+Shift+KeyL");
  await desk.find("filter-panel");
  await desk.find("filter-tag", "退货");
  await tabTo(desk, "filter-tag");
  await desk.press("Space");
  await desk.says("filter", /1/);
  await tabTo(desk, "view-name");
  await typing(desk, "退货的");
  await desk.press("Enter");
  await desk.find("views");
  await tabTo(desk, "filter-tag", "Shift+Tab");
  await desk.press("Space");
  await desk.says("filter", /^[^\d]*$/);
  await desk.press("Escape");
  await desk.gone("filter-panel");
  passed("a tag narrows the list, and the filter is kept as a view");
}

async function filesATicket(desk) {
  await desk.press("Alt+KeyN");
  await desk.find("filing-title");
  await tabTo(desk, "filing-title");
  await desk.press("Control+KeyA");
  await typing(desk, "杯子碎了退货");
  await desk.press("Control+Enter");
  // What the type asks for is filled in where the form says so.
  for (let n = 0; n < 6 && (await desk.count("filing")) > 0; n += 1) {
    const wrong = desk.page.locator("[data-testid=filing] [aria-invalid=true]").first();
    if ((await wrong.count()) === 0) break;
    const testid = await wrong.getAttribute("data-testid");
    await tabTo(desk, testid);
    if ((await wrong.evaluate((node) => node.tagName)) === "SELECT") await desk.press("ArrowDown");
    else await typing(desk, "杯口碎裂，外箱有凹痕");
    await desk.press("Control+Enter");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await desk.gone("filing");
  await desk.says("assist-ticket", /T-\d+[\s\S]*杯子碎了退货/);
  await waiting(desk, 0);
  passed("a ticket is filed");
}

async function endsIt(desk, visitor) {
  await desk.press("Control+KeyD");
  await desk.find("composer-closed");
  await waiting(desk, 0);
  await until("the customer is told", async () =>
    (await visitor.messages()).some(({ text }) => text.includes("本次会话已结束")),
  );
  passed("the conversation is resolved");
}

async function changesAKey(desk, server) {
  await desk.press("Control+Shift+KeyK");
  await desk.find("hotkeys-find");
  await tabTo(desk, "hotkeys-find");
  await typing(desk, "接下一位");
  await tabTo(desk, "hotkey-change");
  await desk.press("Enter", "Control+KeyK");
  await desk.says("hotkey-conflict", /打开命令面板/);
  await desk.press("Control+Alt+Digit0");
  await desk.says("hotkey-takeNext", /Ctrl Alt 0/);
  await Visitor.saying(server, ["转人工，发票怎么开"], { name: "高远" });
  await desk.press("Alt+KeyI", "Alt+Digit2");
  await desk.find("conv-row", "高*");
  await desk.press("Control+KeyJ");
  await desk.press("?");
  await desk.says("keys", /接下一位\s*Ctrl Alt 0/);
  await desk.press("Escape");
  await desk.gone("keys");
  await desk.find("conv-row", "高*");
  await desk.has("scope-queue", "aria-selected", "true");
  assert.equal(await desk.count("resolve"), 0, "nobody was taken by the old key");
  await desk.press("Control+Alt+Digit0");
  await desk.page.locator("[data-testid=conversation] h1", { hasText: "高*" }).waitFor();
  await desk.find("resolve");
  passed("a key that was changed works, the old one does nothing, and the help shows the new one");
  await desk.press("Control+KeyK");
  await until("the palette has the focus", async () => (await focused(desk)) === "palette-input");
  await typing(desk, "标记为已解决");
  await desk.press("Enter");
  await desk.find("composer-closed");
  passed("the palette does the same");
}

async function play({ server, desk, colleague }) {
  await signIn(desk, server);
  await signIn(colleague, server, COLLEAGUE);
  await watchTheMouse(desk);
  await watchTheMouse(colleague);
  const visitor = await Visitor.saying(server, [ASKED], { name: "陈思远" });
  await writesACannedReply(desk);
  await acceptsWhatIsOffered(desk);
  await tellsAColleague(desk, colleague, visitor);
  await answers(desk, visitor);
  await sorts(desk);
  await filesATicket(desk);
  await endsIt(desk, visitor);
  await changesAKey(desk, server);
  for (const screen of [desk, colleague])
    assert.equal(await screen.page.evaluate(() => window.presses), 0);
  assert.deepEqual([...desk.complaints, ...colleague.complaints], []);
  passed("no mouse button was pressed, and no page reported an error");
}

await main(async () => {
  const folder = temporary("lingtai-keyboard-");
  const server = await Server.create({ data: path.join(folder, "server") });
  await server.start();
  const [browser, host, other] = await Promise.all([
    openBrowser(),
    DevHost.start({ data: path.join(folder, "desk"), keychain: true }),
    DevHost.start({ data: path.join(folder, "colleague"), keychain: true }),
    server.setUp([AGENT, COLLEAGUE], DEPARTMENTS, "auto"),
  ]);
  const desk = await Screen.open(browser, host.url);
  const colleague = await Screen.open(browser, other.url);
  try {
    await play({ server, desk, colleague });
  } catch (error) {
    for (const line of [...desk.complaints, ...colleague.complaints])
      console.error(`page: ${line}`);
    await picture(desk, "keyboard-failed");
    await picture(colleague, "keyboard-failed-colleague");
    throw error;
  } finally {
    await browser.close();
  }
});
