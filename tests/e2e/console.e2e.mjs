// The console's screens in a browser, over the real handlers and a real server: what an agent sees,
// presses and must never see. LINGTAI_OUT=dir keeps a picture of a failure.
import assert from "node:assert/strict";
import path from "node:path";
import { ask, chatUrl, isOnline, openBrowser, openChat } from "./lib/customer.mjs";
import { DevHost } from "./lib/devhost.mjs";
import { main, temporary, until } from "./lib/process.mjs";
import { passed, picture } from "./lib/report.mjs";
import { Screen } from "./lib/screen.mjs";
import { ADMIN, AGENT, COLLEAGUE, Server } from "./lib/server.mjs";
import { chooseServer, PASSPHRASE, signIn, waiting } from "./lib/signin.mjs";
import { Visitor } from "./lib/visitor.mjs";

const PHONE = "13812345678";
const LATE = "这是断网时写的回复。";

/** Opens the conversation of a customer by the masked name, in the scope that is shown. */
async function openRow(desk, name) {
  await desk.click("conv-row", name);
  await desk.page.locator(`[data-testid=conversation] h1`, { hasText: name }).waitFor();
  await desk.find("composer");
}

/** Takes whoever waits longest, and waits until it is the one of this name. */
async function takeNext(desk, name) {
  await desk.press("Control+KeyJ");
  await desk.page.locator(`[data-testid=conversation] h1`, { hasText: name }).waitFor();
  await desk.find("resolve");
}

/** Goes online, is offered whoever waits, which the colleague's list shows, and accepts. */
async function acceptsAnOffer(desk, colleague, name) {
  await desk.press("Alt+Shift+Digit1");
  await desk.find("offer", name);
  await colleague.find("offer-mark", `正派给${AGENT.name}`);
  await desk.press("Alt+KeyY");
  await desk.page.locator(`[data-testid=conversation] h1`, { hasText: name }).waitFor();
  await desk.find("resolve");
  await desk.press("Alt+Shift+Digit2");
  await desk.says("presence", /忙碌/);
  passed("an offer is shown to whom it is made and in the colleague's list, and accepted by key");
}

async function reply(desk, visitor, text) {
  await desk.type("composer", text);
  await desk.press("Enter");
  await visitor.hears(new RegExp(text));
}

async function refusesAWrongSignIn(desk, server) {
  const says = (text) => desk.page.getByText(text).first().waitFor();
  const change = () => desk.page.getByText("更换", { exact: true }).click();
  await desk.click("login-submit");
  await says("请填接入码或服务器地址");
  await chooseServer(desk, { enrolment: "lingtai1.bm90IGEgY29kZQ" });
  await desk.type("login-username", AGENT.username);
  await desk.type("login-password", "not-the-password");
  await desk.type("login-passphrase", "七个字不够长");
  await desk.click("login-submit");
  await says("本机口令至少 8 个字");
  await desk.type("login-passphrase", PASSPHRASE);
  await desk.click("login-submit");
  await says("接入码或地址读不懂");
  passed("a passphrase too short and a code that is none are told in words");
  await chooseServer(desk, { enrolment: server.url });
  await desk.click("login-submit");
  await desk.says("login-error", /证书/);
  passed("a server of an unknown authority is not spoken to");
  await change();
  await chooseServer(desk, server);
  await desk.click("login-submit");
  await says("账号或密码不对，请再试一次。");
  passed("a wrong password is told in words");
  await desk.reload("login");
}

async function saysWhatIsEmpty(desk) {
  await desk.says("empty-mine", /现在没有客户在等/);
  for (const [digit, scope] of [
    [2, "queue"],
    [3, "all"],
    [4, "snoozed"],
  ]) {
    await desk.press(`Alt+Digit${digit}`);
    await desk.find(`empty-${scope}`);
  }
  passed("every empty scope says what to do");
}

async function aConversationArrives(desk, server) {
  await desk.press("Alt+Digit2");
  await desk.find("empty-queue");
  const visitor = await Visitor.saying(server, [`转人工，我手机${PHONE}，帮我查退款多久到账`], {
    name: "陈思远",
  });
  await desk.find("conv-row", "陈**");
  await desk.says("scope-queue", /1/);
  passed("a conversation comes into the queue by itself");
  await takeNext(desk, "陈**");
  await desk.has("scope-mine", "aria-selected", "true");
  await desk.find("message-system", `${AGENT.name}接入`);
  passed("Ctrl+J takes the longest waiting");
  await desk.find("message-customer", "138****5678");
  assert.ok(
    !(await desk.page.content()).includes(PHONE) && !(await desk.page.content()).includes("陈思远"),
  );
  passed("the number and the name are masked all over the page");
  return visitor;
}

async function suggests(desk, visitor) {
  await desk.find("suggestion-1", "ec-062");
  await desk.press("Control+Digit1");
  const { value } = await desk.holds(/工作日/);
  await desk.page.getByText("来自 ec-062").waitFor();
  assert.deepEqual(await visitor.replies(), [], "inserted is not sent");
  passed("Ctrl+1 puts the answer into the composer, with its source");
  await desk.type("composer", "");
  await desk.press("Control+Shift+Digit1");
  assert.equal(await visitor.hears(/工作日/), value);
  await desk.find("message-me", value.slice(0, 12));
  assert.equal(await desk.value("composer"), "");
  passed("Ctrl+Shift+1 sends it");
  await visitor.say("你们老板的猫叫什么名字");
  await desk.says("no-answer", /没有可靠答案/);
  await desk.find("suggestion-1");
  assert.equal(await desk.count("insert-1"), 0, "a weak answer is not held out");
  passed("without a reliable answer it says so");
}

async function leavesInputMethodsAlone(desk, visitor) {
  const keyboard = await desk.context.newCDPSession(desk.page);
  const enter = (windowsVirtualKeyCode) =>
    keyboard.send("Input.dispatchKeyEvent", {
      type: "rawKeyDown",
      key: "Enter",
      code: "Enter",
      windowsVirtualKeyCode,
    });
  await desk.at("composer").focus();
  await keyboard.send("Input.imeSetComposition", {
    text: "nihao",
    selectionStart: 5,
    selectionEnd: 5,
  });
  await enter(13);
  await desk.holds(/^nihao$/);
  await keyboard.send("Input.insertText", { text: "您好" });
  // WebKit's order: the Enter that ended the composition comes after it, as key code 229.
  await enter(229);
  await desk.holds(/^您好$/);
  await desk.press("Shift+Enter");
  await keyboard.send("Input.insertText", { text: "第二行" });
  await desk.holds(/^您好\n第二行$/);
  await desk.press("Enter");
  assert.equal(await visitor.hears(/第二行/), "您好\n第二行");
  const sent = (await visitor.replies()).filter((text) => text.startsWith("您好"));
  assert.equal(sent.length, 1, "sent once, whole");
  passed("Enter while composing sends nothing, Shift+Enter breaks, Enter sends");
}

async function countsUnread(desk, server) {
  const visitor = await Visitor.saying(server, ["转人工，价格保护怎么申请"], { name: "许嘉言" });
  await desk.says("scope-queue", /1/);
  await takeNext(desk, "许**");
  await openRow(desk, "陈**");
  await visitor.say("还在吗");
  const row = desk.at("conv-row", "许**");
  await row.locator("[aria-label='1 条未读']").waitFor();
  await visitor.say("我等了很久了");
  await row.locator("[aria-label='2 条未读']").waitFor();
  await desk.says("room-inbox", /2/);
  await openRow(desk, "许**");
  await row.locator("[aria-label$='条未读']").waitFor({ state: "detached" });
  passed("unread messages are counted until they are looked at");
  return visitor;
}

async function keepsDrafts(desk) {
  const saved = desk.page.waitForResponse((response) => {
    const asked = response.request().postData() ?? "";
    return asked.includes("draft.save") && asked.includes("写了一半");
  });
  await desk.type("composer", "写了一半");
  await openRow(desk, "陈**");
  assert.equal(await desk.value("composer"), "");
  await saved;
  await desk.press("Alt+ArrowUp", "Alt+ArrowDown");
  await openRow(desk, "许**");
  await desk.holds(/^写了一半$/);
  await desk.reload();
  await openRow(desk, "许**");
  await desk.holds(/^写了一半$/);
  passed("a draft is there after another conversation and after a reload");
}

async function stopsAStaleReply(desk, visitor) {
  await desk.page.setViewportSize({ width: 1024, height: 640 });
  for (let n = 1; n <= 4; n += 1)
    await visitor.say(`第 ${n} 段：${"我把经过从头说一遍，请您看一下。".repeat(12)}`);
  await desk.find("message-customer", "第 4 段");
  const messages = await desk.find("messages");
  await messages.hover();
  await until("the latest message is out of sight", async () => {
    if (await messages.evaluate((box) => box.scrollTop < -100)) return true;
    await desk.page.mouse.wheel(0, -600);
    return false;
  });
  await desk.type("composer", "按您说的改。");
  await visitor.say("等一下，我改主意了");
  await desk.find("message-customer", "等一下，我改主意了");
  await desk.find("new-messages");
  await desk.press("Enter");
  await desk.says("stale-dialog", /客户刚又发了 1 条[\s\S]*等一下，我改主意了/);
  assert.ok(!(await visitor.replies()).includes("按您说的改。"), "it was stopped");
  await desk.click("stale-edit");
  await desk.gone("stale-dialog");
  await desk.holds(/^按您说的改。$/);
  passed("a reply to what was not seen is stopped, with what was missed");
  await visitor.say("还是按原来的办");
  await desk.find("message-customer", "还是按原来的办");
  await desk.at("composer").press("Enter");
  await desk.says("stale-dialog", /还是按原来的办/);
  await desk.click("send-anyway");
  await visitor.hears(/按您说的改/);
  await desk.gone("stale-dialog");
  await desk.holds(/^$/);
  await desk.page.setViewportSize({ width: 1440, height: 900 });
  passed("and is sent all the same when the agent says so");
}

async function stopsASecondAgent(desk, colleague, server) {
  await signIn(colleague, server, COLLEAGUE);
  await colleague.press("Alt+Digit2");
  const visitor = await Visitor.saying(server, ["电饭锅退货拖了我二十天，再不退钱我就打12315！"], {
    name: "高建国",
  });
  await colleague.find("conv-row", "高**");
  await openRow(colleague, "高**");
  await colleague.type("composer", "我来处理");
  await desk.says("scope-queue", /1/);
  await acceptsAnOffer(desk, colleague, "高**");
  await colleague.says("composer-closed", new RegExp(`${AGENT.name}正在接待`));
  assert.equal(await colleague.value("composer"), "我来处理", "what was written is kept");
  await colleague.at("composer").press("Enter");
  await reply(desk, visitor, "非常抱歉，现在就为您核实。");
  await colleague.find("message-colleague", "现在就为您核实");
  assert.equal((await visitor.replies()).length, 1, "one agent answered");
  await colleague.press("Alt+Digit3");
  await colleague.find("conv-row", "同事：非常抱歉");
  passed("a second agent is stopped, sees who has it, and keeps what was written");
  return visitor;
}

async function showsWhoTypes(desk, browser, server) {
  const { page, context } = await openChat(browser, chatUrl(server));
  await isOnline(page);
  await ask(page, "转人工");
  await desk.says("scope-queue", /1/);
  await takeNext(desk, "访客");
  await page.locator("#who", { hasText: AGENT.name }).waitFor();
  // The page tells it every few seconds while keys are pressed.
  await until("the agent sees the customer typing", async () => {
    await page.locator("#text").press("a");
    return /访客 正在输入/.test(await desk.text("typing"));
  });
  await desk.type("composer", "您请说");
  await page.locator("#typing", { hasText: `${AGENT.name} 正在输入` }).waitFor();
  await desk.press("Enter");
  await page.locator(".msg--agent", { hasText: "您请说" }).waitFor();
  await context.close();
  passed("each side sees the other typing");
}

async function showsMarkupAsText(desk, server) {
  const markup = `转人工 <img src=x onerror="window.hacked=1"> <script>window.hacked=2</script>`;
  const visitor = await Visitor.saying(server, [markup], { name: "<b>钱</b>" });
  await desk.says("scope-queue", /1/);
  await desk.press("Control+KeyJ");
  await desk.find("message-customer", markup);
  await reply(desk, visitor, "<i>收到</i>");
  await desk.find("message-me", "<i>收到</i>");
  const hacked = await desk.page.evaluate(() => [window.hacked, document.images.length]);
  assert.deepEqual(hacked, [undefined, 0]);
  passed("markup is shown as text and does nothing");
}

async function searches(desk) {
  for (const [word, found] of [
    ["猫", "老板的猫"],
    ["主意", "改主意了"],
    [PHONE.slice(-4), undefined],
  ]) {
    await desk.press("Control+KeyK");
    await desk.type("palette-input", word);
    if (found) await desk.find("palette-message", found);
    else
      await desk.page
        .getByText(`没有找到「${word}」`)
        .or(desk.at("palette-message", "138****5678"))
        .first()
        .waitFor();
    assert.ok(!(await desk.text()).includes(PHONE), "a number is shown in full");
    await desk.press("Escape");
    await desk.gone("palette-input");
  }
  await desk.press("Control+KeyK");
  await desk.type("palette-input", "手机");
  await desk.find("palette-message", "138****5678");
  await desk.press("Escape");
  await desk.press("Control+KeyK");
  await desk.type("palette-input", "老板的猫");
  await desk.find("palette-message", "老板的猫");
  await desk.click("palette-message", "老板的猫");
  await desk.page.locator("[data-testid=conversation] h1", { hasText: "陈**" }).waitFor();
  passed("the palette finds words of one and two characters, masked, and opens what it found");
}

/** Ctrl+Shift+F: everything in one list, filtered, looked at beside it, and opened. */
async function searchesEverything(desk) {
  await desk.press("Control+Shift+KeyF");
  const marked = async (query) => {
    await desk.type("search-input", query);
    const mark = desk.page.locator(`[data-query="${query}"] [data-testid=search-hit] mark`);
    await mark.first().waitFor();
    return mark.first().innerText();
  };
  for (const query of ["退", "退款"]) assert.equal(await marked(query), query);
  await desk.page.getByRole("button", { name: /^消息/ }).click();
  await desk.find("search-around");
  await desk.at("search-author").selectOption("customer");
  await until("only what customers wrote is left", async () => {
    const by = await desk.at("search-hit").allInnerTexts();
    return by.length > 0 && by.every((text) => !/智能客服：|我：|同事：/.test(text));
  });
  await desk.at("search-author").selectOption("any");
  await desk.type("search-input", PHONE.slice(0, 7));
  await desk.find("search-none");
  assert.ok(!(await desk.text()).includes(PHONE), "a number is on the screen in full");
  await marked("退款");
  await desk.page.getByTestId("search-input").press("Enter");
  await desk.find("conversation");
  await desk.press("Control+KeyF");
  await desk.type("find", "退");
  await desk.says("find-count", /^\d+ \/ \d+/);
  await desk.page.getByTestId("find").press("Escape");
  passed("everything is searched in one list, and a part of what is masked finds nothing");
}

async function keepsItsLook(desk, host) {
  await desk.press("Alt+Shift+Digit1");
  await desk.says("presence", /接待中 \d+\/\d+/);
  await desk.press("Alt+Shift+Digit2");
  await desk.says("presence", /忙碌/);
  await desk.press("Alt+Shift+KeyD", "Alt+Shift+KeyE");
  await desk.says("presence", /Busy/);
  const look = () =>
    desk.page.evaluate(() => [
      document.documentElement.dataset.theme,
      document.documentElement.lang,
    ]);
  await until("the look is dark and English", async () => String(await look()) === "dark,en");
  // Shown at once, stored one after the other: a reload would cut off what is on its way.
  await until("both are stored", async () => {
    const { theme, locale } = await host.rpc("settings.get");
    return theme === "dark" && locale === "en";
  });
  await desk.reload();
  assert.deepEqual(await look(), ["dark", "en"]);
  await desk.says("presence", /Busy/);
  await desk.press("Alt+Shift+KeyL", "Alt+Shift+KeyE");
  await desk.says("presence", /忙碌/);
  passed("presence, theme and language hold over a reload");
}

async function worksWithoutAMouse(desk, server) {
  const visitor = await Visitor.saying(server, ["转人工，发票怎么开"], { name: "徐志航" });
  await desk.press("Alt+Digit2");
  await desk.find("conv-row", "徐**");
  await desk.press("Alt+KeyQ", "ArrowDown", "Enter");
  await desk.find("claim");
  await desk.press("Alt+KeyC");
  await desk.find("resolve");
  await desk.find("suggestion-1");
  await desk.press("Control+Digit1");
  await desk.holds(/发票/);
  await desk.press("Enter");
  await visitor.hears(/发票/);
  await desk.press("Control+KeyD");
  await desk.says("composer-closed", /会话已解决/);
  await desk.press("Shift+Slash");
  await desk.find("keys");
  await desk.press("Escape");
  await desk.gone("keys");
  passed("from the queue to resolved by keys alone");
}

/** An administrator changes the engine's settings; the desk of an agent suggests by them, and says why. */
async function followsTheEnginesSettings(desk, admin, server) {
  await desk.press("Control+Comma");
  await desk.find("settings");
  assert.equal(await desk.count("settings-engine"), 0, "an agent does not see the engine");
  await desk.press("Alt+KeyI");
  await signIn(admin, server, ADMIN);
  await admin.press("Alt+KeyG");
  await admin.says("engine-state", /出厂设置，没有修改/);
  await admin.type("engine-synonyms", "退款＝绿纸票\n退款＝红纸票");
  await admin.says("engine-synonyms-problems", /第 2 行：「退款」在第 1 行已经有了。/);
  await admin.type("engine-synonyms", "退款＝绿纸票");
  await admin.says("engine-state", /有修改还没有保存/);
  await admin.type("engine-question", "绿纸票多久到账");
  await admin.press("Enter");
  await admin.says("engine-trial", /改动后[\s\S]*「绿纸票/);
  passed("a draft of the engine's settings is checked and tried before it is saved");
  await admin.press("Control+KeyS");
  await admin.says("engine-state", /第 1 版，没有修改/);
  await admin.find("engine-version", ADMIN.name);
  await Visitor.saying(server, ["转人工", "绿纸票多久到账"], { name: "沈清和" });
  await desk.says("scope-queue", /1/);
  await takeNext(desk, "沈**");
  await desk.find("suggestion-1", "退款");
  await desk.press("Alt+KeyW");
  await desk.says("why", /「绿纸票[^」]*」≈「退款/);
  await desk.press("Alt+KeyW");
  await desk.gone("why");
  passed("saved, they reach the desk, which says why it suggests what");
}

async function checksTheKnowledge(desk, admin) {
  await desk.press("Alt+KeyK");
  await desk.find("faq-row");
  assert.equal(await desk.count("knowledge-health"), 0, "an agent has no health report");
  await desk.press("Alt+KeyI");
  await admin.press("Alt+KeyH");
  await admin.click("health-run");
  await admin.says("health-summary", /个问法轮流藏起来再问一遍/, 120_000);
  await admin.page.locator("[data-testid=finding] button").first().click();
  await admin.says("faq-entry", /相似问题/);
  await admin.type("faq-query", "发票");
  await admin.find("faq-row", "发票");
  passed("the knowledge is checked, and what was found opens its entry");
}

const EDITS = [
  { priority: "high", tag: "催退款", summary: "要求今天退款" },
  { priority: "low", tag: "老客户", summary: "电饭锅已寄回" },
];

/** Edits the properties of the open conversation. */
async function editProperties(screen, { priority, tag, summary }) {
  await screen.at("property-priority").selectOption(priority);
  await screen.type("tag-input", tag);
  await screen.at("tag-input").press("Enter");
  await screen.click("summary");
  await screen.type("summary-text", summary);
  await screen.at("summary-text").press("Control+Enter");
  await screen.gone("summary-text");
  await screen.says("tags", new RegExp(tag));
}

/** Ends every conflict of a desk in the sync centre: its own priority, and both summaries. */
async function endConflicts(screen) {
  await screen.press("Alt+KeyO");
  await screen.find("conflict");
  let ended = 0;
  for (const field of ["priority", "summary"]) {
    const card = screen.page.locator(`[data-testid=conflict][data-field=${field}]`);
    if ((await card.count()) === 0) continue;
    if (field === "priority") await card.locator("[data-testid=take-mine]").click();
    else {
      await card.locator("[data-testid=merge]").click();
      const merged = card.locator("[data-testid=merged-value]");
      for (const { summary } of EDITS) assert.match(await merged.inputValue(), new RegExp(summary));
      await card.locator("[data-testid=save-merged]").click();
    }
    await card.waitFor({ state: "detached" });
    ended += 1;
  }
  await screen.press("Escape");
  await screen.gone("outbox");
  return ended;
}

/** Two desks edit one conversation while neither sees the other. */
async function mergesEdits(desk, colleague, server) {
  const both = [desk, colleague];
  for (const screen of both) {
    await screen.press("Alt+Digit3");
    await screen.click("conv-row", "高**");
    await screen.find("properties");
  }
  await server.stop();
  for (const screen of both) await screen.says("connection", /离线/);
  for (const [at, screen] of both.entries()) {
    await editProperties(screen, EDITS[at]);
    await screen.find("properties-pending");
    assert.equal(await screen.value("property-priority"), EDITS[at].priority);
  }
  passed("offline, each desk shows what it edited");
  await server.start();
  for (const screen of both) {
    await screen.says("connection", /在线/, 60_000);
    await waiting(screen, 0);
    await screen.says("tags", /催退款[\s\S]*老客户/);
  }
  passed("tags of both are there");
  let ended = 0;
  for (const screen of both)
    if ((await screen.count("conflict-count")) > 0) {
      await screen.find("conflict-badge");
      ended += await endConflicts(screen);
    }
  assert.equal(ended, 2, "each field has one loser");
  for (const screen of both) {
    await waiting(screen, 0);
    await screen.gone("conflict-count");
    await screen.says("summary", /要求今天退款/);
    await screen.says("summary", /电饭锅已寄回/);
  }
  await until("both show the same priority", async () => {
    const [one, other] = await Promise.all(both.map((each) => each.value("property-priority")));
    return one === other;
  });
  passed("a conflict stays with its loser until it is ended, by one's own value or by merging");
}

/** Ends the host as a crash would, starts it on the same data, and unlocks it. */
async function restart(desk, host, data) {
  await desk.page.goto("about:blank");
  await host.stop("SIGKILL");
  const next = await DevHost.start({ data });
  await desk.page.goto(next.url);
  await desk.find("unlock");
  assert.equal(await desk.count("conv-row"), 0, "nothing is shown while it is locked");
  await desk.type("unlock-passphrase", "不是这个口令啊");
  await desk.click("unlock-submit");
  await desk.page.getByText("口令不对，本机数据没有打开。").waitFor();
  await desk.type("unlock-passphrase", PASSPHRASE);
  await desk.click("unlock-submit");
  await desk.find("connection");
}

async function worksOffline(desk, host, data, server, visitor) {
  await desk.press("Alt+Digit1");
  await openRow(desk, "高**");
  await server.stop();
  await desk.says("connection", /离线/);
  await desk.type("composer", LATE);
  await desk.press("Enter");
  await desk.says("message-pending", /待发送，联网后自动补发/);
  await waiting(desk, 1);
  await desk.find("pending-mark");
  passed("offline, a reply is kept as 待发送");
  await restart(desk, host, data);
  passed("after a crash the store is locked, and opens with its passphrase only");
  await desk.says("connection", /离线[\s\S]*1 条待发/);
  await openRow(desk, "高**");
  await desk.find("message-pending");
  await desk.find("suggestion-1");
  passed("offline, conversations, suggestions and the waiting reply are there");
  await server.start();
  await visitor.hears(new RegExp(LATE), 60_000);
  await desk.says("connection", /在线/, 60_000);
  await waiting(desk, 0);
  await desk.gone("message-pending");
  assert.equal((await visitor.replies()).filter((text) => text === LATE).length, 1);
  assert.match(
    await desk.at("message-me").last().getAttribute("data-delivery"),
    /^(sent|delivered|read)$/,
  );
  passed("online again, it is delivered once");
}

async function play({ browser, server, desk, colleague, admin, host, data }) {
  await refusesAWrongSignIn(desk, server);
  await signIn(desk, server);
  passed("the agent signs in");
  await saysWhatIsEmpty(desk);
  const first = await aConversationArrives(desk, server);
  await suggests(desk, first);
  await leavesInputMethodsAlone(desk, first);
  const second = await countsUnread(desk, server);
  await keepsDrafts(desk);
  await stopsAStaleReply(desk, second);
  const third = await stopsASecondAgent(desk, colleague, server);
  await showsWhoTypes(desk, browser, server);
  await showsMarkupAsText(desk, server);
  await searches(desk);
  await searchesEverything(desk);
  await keepsItsLook(desk, host);
  await worksWithoutAMouse(desk, server);
  await followsTheEnginesSettings(desk, admin, server);
  await checksTheKnowledge(desk, admin);
  await mergesEdits(desk, colleague, server);
  await worksOffline(desk, host, data, server, third);
  const complaints = [desk, colleague, admin].flatMap((screen) => screen.complaints);
  assert.deepEqual(complaints, []);
  passed("no page broke its policy or reported an error");
}

await main(async () => {
  const folder = temporary("lingtai-console-");
  const data = path.join(folder, "desk");
  const server = await Server.create({ data: path.join(folder, "server") });
  await server.start();
  const [browser, host, other, office] = await Promise.all([
    openBrowser(),
    DevHost.start({ data }),
    DevHost.start({ data: path.join(folder, "colleague"), keychain: true }),
    DevHost.start({ data: path.join(folder, "admin"), keychain: true }),
    server.setUp([AGENT, COLLEAGUE], [], "auto"),
  ]);
  const desk = await Screen.open(browser, host.url);
  const colleague = await Screen.open(browser, other.url);
  const admin = await Screen.open(browser, office.url);
  passed("a server, two desks and a browser run");
  try {
    await play({ browser, server, desk, colleague, admin, host, data });
  } catch (error) {
    for (const screen of [desk, colleague, admin])
      for (const line of screen.complaints) console.error(`page: ${line}`);
    await picture(desk, "console-failed");
    await picture(colleague, "console-failed-colleague");
    await picture(admin, "console-failed-admin");
    throw error;
  } finally {
    await browser.close();
  }
});
