// Quality scoring over the real handlers and a real server: what was said has a conversation sampled,
// a reviewer scores it by keys, the agent appeals, and the reviewer decides.
import assert from "node:assert/strict";
import path from "node:path";
import { openBrowser } from "./lib/customer.mjs";
import { DevHost } from "./lib/devhost.mjs";
import { main, temporary, until } from "./lib/process.mjs";
import { passed, picture } from "./lib/report.mjs";
import { Screen } from "./lib/screen.mjs";
import { ADMIN, AGENT, Server } from "./lib/server.mjs";
import { signIn, waiting } from "./lib/signin.mjs";
import { Visitor } from "./lib/visitor.mjs";

const HASTY = "系统有点慢，我也没办法，保证今天给您办好，您再等等。";
const ASKED = "转人工，红色外套想换大一码";
const SAID = "解释了原因，但不该答应当天办好。";
const AGAINST = "当天确实办好了，有退款记录。";
const DECIDED = "核对退款记录，承诺兑现了。";
const PROMISE = "quality-points-promise";

async function answersInHaste(desk, server, name, asked) {
  const visitor = await Visitor.saying(server, [asked], { name });
  await desk.press("Alt+Digit2");
  await desk.click("conv-row", `${name.slice(0, 1)}*`);
  await desk.find("claim");
  await desk.press("Alt+KeyC");
  await desk.find("resolve");
  await desk.type("composer", HASTY);
  await desk.press("Enter");
  await visitor.hears(/没办法/);
  await desk.press("Control+KeyD");
  await desk.find("composer-closed");
  await waiting(desk, 0);
}

async function scoresIt(admin) {
  await admin.press("Control+Alt+KeyQ");
  await admin.find("quality-row", AGENT.name);
  assert.match(await admin.at("quality-row").first().innerText(), /提到「12315」/);
  passed("a conversation is sampled for what the customer said in it, and says so");
  await admin.find("quality-total");
  assert.equal(await admin.value("quality-points-wording"), "10");
  assert.equal(await admin.value(PROMISE), "5");
  await admin.click("quality-evidence", "没办法");
  const sought = admin.page.locator("[data-testid=quality-thread] [data-sought]", {
    hasText: HASTY,
  });
  await sought.waitFor();
  passed("it is scored beforehand, and what was found opens the message that it stands in");
  await admin.at("quality-points-understanding").focus();
  await admin.page.keyboard.type("12");
  await admin.press("ArrowDown");
  await admin.page.keyboard.type("99");
  assert.equal(await admin.value("quality-points-understanding"), "12");
  assert.equal(await admin.value("quality-points-correctness"), "25");
  await admin.type("quality-comment", SAID);
  await picture(admin, "quality-form");
  await admin.press("Control+Alt+KeyY");
  await admin.gone("quality-row");
  await waiting(admin, 0);
  passed("it is scored by digits and arrows, sent by one key, and leaves what is to be scored");
}

/** Opens the newest line of the bell, which says this. */
async function hears(screen, said) {
  await screen.press("Control+Shift+KeyB");
  await screen.find("bell-line", said);
  assert.equal(await screen.count("bell-line", said), 1);
  await picture(screen, "quality-bell");
  await screen.click("bell-line", said);
}

/** Nothing is sampled by chance: what is picked by hand is in no queue before. */
async function drawsNone(office) {
  const { rules } = await until("the rules are there", async () => {
    const found = await office.rpc("quality.rules", {});
    return found.rules.length > 0 && found;
  });
  for (const { id, edition, draft } of rules)
    if (draft.by.kind === "random")
      await office.rpc("quality.rule_save", {
        id,
        base: edition,
        draft: { ...draft, enabled: false },
      });
}

async function picksOne(admin, desk, server) {
  await desk.press("Alt+KeyI");
  await answersInHaste(desk, server, "谢雨", ASKED);
  await admin.press("Control+KeyK");
  await admin.type("palette-input", "红色外套");
  await admin.click("palette-message", "红色外套");
  await admin.find("review-pick");
  await admin.press("Control+Shift+KeyE");
  await admin.find("review-forms-item");
  await picture(admin, "quality-pick");
  await admin.at("review-forms-input").press("Enter");
  await admin.find("review-open");
  await picture(admin, "quality-picked");
  await admin.click("review-open");
  await admin.find("quality-row", "手动抽取");
  await admin.find("quality-total");
  await waiting(admin, 0);
  await picture(admin, "quality-picked-review");
  passed("a conversation is picked by hand by one key, with its form, and is in the queue");
}

async function appeals(desk) {
  await hears(desk, "质检完成");
  await desk.find("quality-result");
  await desk.page.getByText(SAID).waitFor();
  assert.equal(await desk.count("quality-apart"), 0);
  await desk.type("quality-appeal-why", AGAINST);
  await desk.press("Control+Alt+KeyY");
  await desk.says("quality-appeal-text", new RegExp(AGAINST));
  await waiting(desk, 0);
  assert.equal(await desk.count("quality-appeal-why"), 0);
  passed("the agent sees the score and what was said to it, and appeals once");
}

async function decides(admin) {
  await hears(admin, "有申诉，请复核");
  await admin.at("quality-scope").selectOption("appeals");
  await admin.says("quality-appeal-text", new RegExp(AGAINST));
  await admin.click("quality-change");
  await admin.type(PROMISE, "10");
  await admin.type("quality-comment", DECIDED);
  await admin.press("Control+Alt+KeyY");
  await admin.says("quality-decision", new RegExp(DECIDED));
  await waiting(admin, 0);
  passed("the reviewer reads the appeal and changes the marks");
}

async function seesTheTrend(admin) {
  await admin.press("Control+Alt+Digit6");
  const row = await admin.find("quality-months-row", AGENT.name);
  assert.match(await row.innerText(), /77\.0/);
  await admin.find("quality-months-chart");
  await picture(admin, "quality-months");
  passed("the mean score of the month is what the appeal left of it");
}

async function isTold(desk) {
  await hears(desk, "已改判");
  await desk.says("quality-decision", new RegExp(DECIDED));
  const promise = desk.at("quality-item", "承诺有据");
  assert.match(await promise.innerText(), /原 5 \/ 10\s+10 \/ 10/);
  passed("the agent sees what was decided, and the mark that holds beside the one that did");
}

await main(async () => {
  const folder = temporary("lingtai-quality-");
  const server = await Server.create({ data: path.join(folder, "server") });
  await server.start();
  const [browser, host, office] = await Promise.all([
    openBrowser(),
    DevHost.start({ data: path.join(folder, "desk"), keychain: true }),
    DevHost.start({ data: path.join(folder, "office"), keychain: true }),
    server.setUp([AGENT]),
  ]);
  const desk = await Screen.open(browser, host.url);
  const admin = await Screen.open(browser, office.url);
  try {
    await signIn(desk, server);
    await signIn(admin, server, ADMIN);
    await drawsNone(office);
    await answersInHaste(desk, server, "罗子涵", "转人工，再不处理我就打 12315");
    await scoresIt(admin);
    await appeals(desk);
    await decides(admin);
    await isTold(desk);
    await seesTheTrend(admin);
    await picksOne(admin, desk, server);
    assert.deepEqual([...desk.complaints, ...admin.complaints], []);
    passed("the pages complained of nothing");
  } catch (error) {
    await picture(desk, "failed-desk");
    await picture(admin, "failed-admin");
    throw error;
  } finally {
    await browser.close();
  }
});
