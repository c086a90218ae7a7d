// The real window, the real server, a customer on the other side: what only the shell can show.
// Run it under tests/e2e/run.sh, which gives it a display and a session bus of its own.
import assert from "node:assert/strict";
import path from "node:path";
import { Bell } from "./lib/bell.mjs";
import { Desk, Key } from "./lib/desk.mjs";
import { main, run, temporary, until } from "./lib/process.mjs";
import { passed, picture } from "./lib/report.mjs";
import { Server } from "./lib/server.mjs";
import { signIn, waiting } from "./lib/signin.mjs";
import { Visitor } from "./lib/visitor.mjs";

async function answersWithASuggestion(desk, server) {
  const visitor = await Visitor.saying(server, ["转人工，我想问一下怎么申请退款"]);
  await desk.click("scope-queue");
  await desk.click("conv-row");
  await desk.find("suggestion-1");
  await desk.type("composer", "您好，我来帮您。");
  await desk.chord("1", Key.CONTROL);
  const inserted = await until("the suggestion is in the composer", async () => {
    const value = await desk.value("composer");
    return value.length > "您好，我来帮您。".length && value;
  });
  assert.ok(inserted.includes("您好，我来帮您。"), inserted);
  await desk.type("composer", Key.ENTER);
  const reply = await visitor.hears(/您好，我来帮您。/);
  assert.equal(reply.trim(), inserted.trim());
  await until("the composer is empty", async () => (await desk.value("composer")) === "");
  return visitor;
}

async function keepsAReplyWhileTheServerIsAway(desk, server, visitor) {
  await server.stop();
  await desk.says("connection", /离线/);
  await desk.type("composer", "这是断网时写的回复。", Key.ENTER);
  await desk.says("message-pending", /待发送/);
  await waiting(desk, 1);
  await server.start();
  await visitor.hears(/断网时写的/, 60_000);
  await desk.says("connection", /在线/, 60_000);
  await waiting(desk, 0);
  await until(
    "no reply is marked as waiting",
    async () => (await desk.count("message-pending")) === 0,
  );
  const copies = (await visitor.replies()).filter((text) => text === "这是断网时写的回复。");
  assert.equal(copies.length, 1, "delivered exactly once");
}

/** Gives the window time for what came to it, and the page a turn after it. */
const settles = (desk, ms) =>
  desk.browser.executeAsyncScript("setTimeout(arguments[arguments.length - 1], arguments[0])", ms);

async function tellsOfANewConversation(desk, server, bell) {
  // Without a window manager the pointer decides which window is looked at: beside all, none is.
  await run("xdotool", ["mousemove", "1590", "990"]);
  // It hears of that by an event, for which there is nothing to look at.
  await settles(desk, 500);
  const before = bell.shown().length;
  const secret = "我的手机是13812345678";
  await Visitor.saying(server, [`转人工，${secret}`]);
  const shown = await bell.next(before);
  assert.equal(shown.summary, "新会话");
  assert.match(shown.body, /^C-\d+ 等待接待$/);
  assert.ok(!JSON.stringify(bell.shown()).includes("13812345678"));
  bell.click(shown);
  await desk.says("conversation", /138\*\*\*\*5678/);
  assert.ok(!(await desk.text()).includes("13812345678"), "a number is on the screen in full");
}

async function staysWithinItsBounds(desk) {
  const inline = await desk.browser.executeScript(`
    const script = document.createElement("script");
    script.textContent = "window.inlineRan = true";
    document.head.append(script);
    return window.inlineRan === true;
  `);
  assert.equal(inline, false, "the policy must stop an inline script");
  const refusals = await desk.browser.executeAsyncScript(`
    const done = arguments[arguments.length - 1];
    const ask = (name, args) => window.__TAURI_INTERNALS__.invoke(name, args).then(
      () => "allowed", (error) => typeof error === "string" ? "denied" : error.code);
    Promise.all([
      ask("rpc", { command: { name: "app.info", args: {} } }),
      ask("rpc", { command: { name: "store.dump", args: {} } }),
      ask("quit", {}),
      ask("plugin:window|close", { label: "main" }),
      ask("plugin:event|emit", { event: "lingtai:event", payload: null }),
      fetch("https://127.0.0.1:1/").then(() => "allowed", () => "denied"),
    ]).then(done);
  `);
  assert.deepEqual(refusals, ["allowed", "bad_request", "denied", "denied", "denied", "denied"]);
  const here = await desk.browser.getCurrentUrl();
  await desk.browser.executeScript("location.href = 'http://127.0.0.1:9/elsewhere'");
  // The page that stands there has its connection until it goes, if it goes.
  await settles(desk, 1_000);
  await desk.find("connection");
  assert.equal(await desk.browser.getCurrentUrl(), here, "the window stays on its own pages");
}

await main(async () => {
  const bell = await Bell.start();
  const folder = temporary("lingtai-shell-");
  const server = await Server.create({ data: path.join(folder, "server") });
  await server.start();
  await server.setUp();
  const desk = await Desk.open({ data: path.join(folder, "desk") });
  try {
    const { passphrase } = await signIn(desk, server);
    assert.ok(passphrase, "without a keychain the desk must ask for a passphrase");
    passed("the agent signs in by typing");
    const visitor = await answersWithASuggestion(desk, server);
    passed("a suggestion is inserted, Chinese is typed, the customer has the reply");
    await keepsAReplyWhileTheServerIsAway(desk, server, visitor);
    passed("a reply waits while the server is away and is delivered once");
    await tellsOfANewConversation(desk, server, bell);
    passed("a new conversation is told outside the window, without what was said");
    await staysWithinItsBounds(desk);
    passed("inline scripts, unlisted commands and other pages are refused");
  } catch (error) {
    await picture(desk, "shell-failed");
    throw error;
  } finally {
    await desk.close();
  }
});
