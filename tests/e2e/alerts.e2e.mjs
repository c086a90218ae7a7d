// A lead's alerts in the real windows: the small one above all others, the bell, the system's own
// popups, and what is said when the server is gone. Run it under tests/e2e/run.sh.
import assert from "node:assert/strict";
import path from "node:path";
import { waitingRule } from "./lib/alerting.mjs";
import { Bell } from "./lib/bell.mjs";
import { Desk } from "./lib/desk.mjs";
import { Child, main, run, temporary, until } from "./lib/process.mjs";
import { passed, picture } from "./lib/report.mjs";
import { ADMIN, Server } from "./lib/server.mjs";
import { signIn } from "./lib/signin.mjs";
import { Visitor } from "./lib/visitor.mjs";

const TITLE = "聆台预警";
/** A loss is told after a minute; it is looked at every five seconds. */
const LOST_MS = 90_000;

/** Asks a command as the page that the driver looks at. */
function ask(desk, name, args = {}) {
  return desk.browser.executeAsyncScript(
    `const [name, args, done] = arguments;
     window.__TAURI_INTERNALS__.invoke("rpc", { command: { name, args } }).then(
       (answer) => done({ answer }), (error) => done({ code: error.code ?? String(error) }));`,
    name,
    args,
  );
}

/** A rule that waiting customers set off. */
async function rule(desk, name, severity, limit) {
  const { code } = await ask(desk, "alert.rule_save", waitingRule(name, severity, limit));
  assert.equal(code, undefined, `the rule is refused: ${code}`);
}

/** Waits until an element of the small window says something. Its text is read as it stands: the
 * driver calls what fills a window without a frame hidden. */
const says = (desk, testid, pattern, limitMs = 20_000) =>
  until(
    `${testid} says ${pattern}`,
    async () => (await desk.value(testid))?.match(pattern),
    limitMs,
  );

const x = async (...args) => (await run("xdotool", args)).trim();
/** The small window as the window system knows it; none while it is not there. */
async function small() {
  const found = await x("search", "--onlyvisible", "--name", `^${TITLE}$`).catch(() => "");
  return found.split("\n").find((id) => id !== "");
}

/** Waits for a window of the desk beside the agent's, and looks at it. */
async function lookAtSmall(desk, mainHandle) {
  // One that is just closing may still be named: it is looked for until there is one to look at.
  await until(
    "the window of alerts is there",
    async () => {
      const handles = await desk.browser.getAllWindowHandles();
      const handle = handles.find((each) => each !== mainHandle);
      if (!handle) return false;
      try {
        await desk.browser.switchTo().window(handle);
        return (await desk.count("alert-window")) > 0;
      } catch {
        await desk.browser.switchTo().window(mainHandle);
        return false;
      }
    },
    60_000,
  );
}

/** Presses what closes the small window: it may be gone before the driver has said that it pressed. */
async function pressToClose(desk, testid, mainHandle) {
  await desk.browser.executeScript(
    "const e = document.querySelector(arguments[0]); setTimeout(() => e.click(), 50)",
    `[data-testid="${testid}"]`,
  );
  await desk.browser.switchTo().window(mainHandle);
}

async function comesAboveAllAndTakesNoFocus(desk, server, bell, mainHandle) {
  const mine = await x("search", "--onlyvisible", "--name", "^聆台$");
  await x("windowactivate", "--sync", mine.split("\n")[0]);
  const before = await x("getactivewindow");
  const shown = bell.shown().length;
  await Visitor.saying(server, ["转人工，我的手机是13812345678"]);
  const id = await until("the window of alerts is shown", small, 60_000);
  assert.equal(await x("getactivewindow"), before, "the keyboard stays where it was");
  await until("the window system keeps it above all others, and out of the task bar", async () => {
    const state = await run("xprop", ["-id", id, "_NET_WM_STATE"]);
    return state.includes("_NET_WM_STATE_ABOVE") && state.includes("_NET_WM_STATE_SKIP_TASKBAR");
  });
  assert.equal(await x("getactivewindow"), before, "nor does it go elsewhere a moment later");
  await until("it has its size, and lies at the lower right", async () => {
    const place = await run("xwininfo", ["-id", id]);
    const [width, height, left, top] = [
      "Width",
      "Height",
      "Absolute upper-left X",
      "Absolute upper-left Y",
    ].map((name) => Number(place.match(new RegExp(`${name}:\\s+(-?\\d+)`))[1]));
    assert.deepEqual([width, height], [380, 220]);
    const gaps = [1600 - left - width, 1000 - top - height];
    assert.ok(
      gaps.every((gap) => gap >= 0 && gap <= 48),
      `at the lower right, not ${gaps} from it`,
    );
    return true;
  });
  await lookAtSmall(desk, mainHandle);
  await says(desk, "alert-window", /有客户在排队/);
  await picture(desk, "alert-window");
  const told = await until("the system tells of the alert", () =>
    bell
      .shown()
      .slice(shown)
      .find(({ summary }) => summary === "预警"),
  );
  assert.match(told.body, /有客户在排队/);
  assert.ok(!JSON.stringify(bell.shown()).includes("13812345678"));
}

async function staysWithinItsBounds(desk) {
  const codes = [];
  for (const [name, args] of [
    ["alert.list", { scope: "open", limit: 10 }],
    ["inbox.list", { scope: "all", sort: "waiting" }],
    ["alert.rules", {}],
    ["session.logout", {}],
  ])
    codes.push((await ask(desk, name, args)).code ?? "allowed");
  assert.deepEqual(codes, ["allowed", "forbidden", "forbidden", "forbidden"]);
}

async function stacksByHowBad(desk, server) {
  await Visitor.saying(server, ["转人工"]);
  await says(desk, "alert-place", /1 \/ 2/, 60_000);
  await says(desk, "alert-severity", /严重预警/);
  await says(desk, "alert-window", /排队太长/);
  await desk.click("alert-next");
  await says(desk, "alert-window", /有客户在排队/);
  await picture(desk, "alert-window-second");
}

async function showsTheDetailsInTheDesk(desk, mainHandle) {
  await desk.click("alert-show");
  await desk.browser.switchTo().window(mainHandle);
  await desk.says("alert-detail", /有客户在排队/);
  await picture(desk, "alert-detail");
}

async function closesWhenNobodyIsCalled(desk, mainHandle) {
  await lookAtSmall(desk, mainHandle);
  await desk.click("alert-acknowledge");
  await says(desk, "alert-window", /排队太长/);
  await pressToClose(desk, "alert-silence", mainHandle);
  await until("the window of alerts has gone", async () => !(await small()));
  await desk.click("alerts-list");
  const states = async () =>
    desk.browser.executeScript(
      "return [...document.querySelectorAll('[data-testid=alert]')].map((e) => e.dataset.state).sort()",
    );
  await until("both are handled", async () => String(await states()) === "acknowledged,silenced");
}

async function comesAgainOnlyWithWhatIsNew(desk, server, mainHandle) {
  await rule(desk, "又多了一位", "warning", 2);
  await Visitor.saying(server, ["转人工"]);
  await lookAtSmall(desk, mainHandle);
  await says(desk, "alert-window", /又多了一位/);
  await pressToClose(desk, "alert-put-away", mainHandle);
  await until("the window of alerts has gone", async () => !(await small()));
  // The alert still fires, and its number is told on; it calls nobody a second time.
  await Visitor.saying(server, ["转人工"]);
  await says(desk, "alerts", /又多了一位 4/, 90_000);
  assert.equal(await small(), undefined, "what was put away stays away");
}

async function keepsAllInTheBell(desk) {
  await desk.click("bell");
  const lines = await until("the bell has the alerts", async () => {
    const all = await desk.all("bell-line");
    return all.filter(({ text }) => text.includes("预警：")).length >= 3 && all;
  });
  assert.ok(lines.some(({ text }) => text.includes("排队太长")));
  await picture(desk, "bell");
}

async function saysThatTheServerIsGone(desk, server, bell) {
  await x("mousemove", "5", "995", "click", "1");
  const before = bell.shown().length;
  await server.stop();
  const told = await until(
    "a lead is told that the server is gone",
    () =>
      bell
        .shown()
        .slice(before)
        .find(({ summary }) => summary === "连不上服务器"),
    LOST_MS,
  );
  assert.match(told.body, /已断开 1 分钟/);
  await server.start();
  await desk.says("connection", /在线/, 60_000);
}

await main(async () => {
  const bell = await Bell.start();
  const windows = new Child("openbox", ["--sm-disable"]);
  const folder = temporary("lingtai-alerts-");
  const server = await Server.create({ data: path.join(folder, "server") });
  await server.start();
  await server.setUp();
  const desk = await Desk.open({ data: path.join(folder, "desk") });
  try {
    await signIn(desk, server, ADMIN);
    const mainHandle = await desk.browser.getWindowHandle();
    await rule(desk, "有客户在排队", "warning", 0);
    await rule(desk, "排队太长", "critical", 1);
    await comesAboveAllAndTakesNoFocus(desk, server, bell, mainHandle);
    passed("an alert comes in its window above all others, and the keyboard stays where it was");
    await staysWithinItsBounds(desk);
    passed("the small window may ask for alerts, and for nothing else");
    await stacksByHowBad(desk, server);
    passed("several alerts are stacked, the worst first");
    await showsTheDetailsInTheDesk(desk, mainHandle);
    passed("its details are shown in the desk");
    await closesWhenNobodyIsCalled(desk, mainHandle);
    passed("acknowledged and silenced from there, it closes by itself");
    await comesAgainOnlyWithWhatIsNew(desk, server, mainHandle);
    passed("put away, it comes again only with what is new");
    await keepsAllInTheBell(desk);
    passed("the bell keeps what was told");
    await saysThatTheServerIsGone(desk, server, bell);
    passed("a lead whose desk has lost the server for a minute is told so");
  } catch (error) {
    await picture(desk, "alerts-failed");
    throw error;
  } finally {
    await desk.close();
    await windows.stop();
  }
});
