// Quality scoring over the real handlers and a real server: what was said has a conversation sampled,
// a reviewer scores it by keys, the agent appeals, and the reviewer decides.
import assert from "node:assert/strict";
import path from "node:path";
import { openBrowser } from "./lib/customer.mjs";
import { DevHost } from "./lib/devhost.mjs";
import { main, temporary } from "./lib/process.mjs";
import { passed, picture } from "./lib/report.mjs";
import { Screen } from "./lib/screen.mjs";
import { ADMIN, AGENT, Server } from "./lib/server.mjs";
import { signIn, waiting } from "./lib/signin.mjs";
import { Visitor } from "./lib/visitor.mjs";

const HASTY = "系统有点慢，我也没办法，保证今天给您办好，您再等等。";
const SAID = "解释了原因，但不该答应当天办好。";
const AGAINST = "当天确实办好了，有退款记录。";
const DECIDED = "核对退款记录，承诺兑现了。";
const PROMISE = "quality-points-promise";

async function answersInHaste(desk, server) {
  const visitor = await Visitor.saying(server, ["转人工，再不处理我就打 12315"], {
    name: "罗子涵",
  });
  await desk.press("Alt+Digit2");
  await desk.click("conv-row", "罗*");
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

async function appeals(desk) {
  await desk.press("Control+Alt+KeyH");
  await desk.click("quality-row");
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

async function isTold(desk) {
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
    await answersInHaste(desk, server);
    await scoresIt(admin);
    await appeals(desk);
    await decides(admin);
    await isTold(desk);
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
