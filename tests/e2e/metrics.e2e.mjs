// The room of the numbers over the real handlers and a real server, under the page's own policy and
// with the prototype of all objects frozen, as the real window has it.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { openBrowser } from "./lib/customer.mjs";
import { DevHost } from "./lib/devhost.mjs";
import { main, temporary, until } from "./lib/process.mjs";
import { passed, picture } from "./lib/report.mjs";
import { Screen } from "./lib/screen.mjs";
import { ADMIN, AGENT, Server } from "./lib/server.mjs";
import { dialogues, saidBy } from "./lib/shop.mjs";
import { signIn } from "./lib/signin.mjs";
import { Visitor } from "./lib/visitor.mjs";

const CUSTOMERS = 8;
const DAY_MS = 86_400_000;
/** How far the organisation's clock is ahead of UTC. */
const CHINA_MS = 8 * 3_600_000;
/** Numbers of today are looked at for so long. */
const LOOKED_AT_MS = 180_000;
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);

const drawn = (desk, figure) =>
  desk.page.locator(`[data-testid=chart-${figure}] [data-drawn] canvas`).waitFor();

/** Customers of a day that is just ending would be yesterday's before they are looked at. */
async function isEarlyEnough() {
  const left = DAY_MS - ((Date.now() + CHINA_MS) % DAY_MS);
  if (left < LOOKED_AT_MS) await new Promise((resolve) => setTimeout(resolve, left + 1_000));
}

async function countsThem(desk) {
  await desk.press("Control+Shift+KeyD");
  await desk.says("metric-volume", new RegExp(`^会话量\\s+${CUSTOMERS}\\b`), 60_000);
  passed("as many conversations were counted as customers came");
  await drawn(desk, "volume");
  const table = await desk.at("chart-volume").locator("table").innerText();
  const counts = [...table.matchAll(/\t(\d+)\t(\d+)/g)].flatMap(([, a, b]) => [+a, +b]);
  assert.equal(
    counts.reduce((sum, n) => sum + n, 0),
    CUSTOMERS,
    "the table behind the chart adds up to the card",
  );
  await picture(desk, "metrics");
  passed("charts are drawn, and the table behind says what the card says");
}

async function opensThem(desk) {
  await desk.click("metric-volume");
  await until(
    "the rows are there",
    async () => (await desk.count("metrics-behind-row")) === CUSTOMERS,
  );
  await desk.press("Escape");
  await desk.gone("metrics-behind");
  await desk.press("Control+Alt+KeyT");
  // The hour that runs may have just begun, with nobody in it.
  const counted = desk.page.locator("td", { hasText: /^\s*[1-9]/ });
  const line = desk.at("chart-volume").locator("tbody tr").filter({ has: counted }).last();
  await line.locator("button").press("Enter");
  await until(
    "the rows of the hour are there",
    async () => (await desk.count("metrics-behind-row")) > 0,
  );
  await desk.press("Escape");
  await desk.press("Control+Alt+KeyT");
  await drawn(desk, "volume");
  passed("a card and a line of a table open the conversations behind them, by key");
}

async function writesThem(desk, folder) {
  /** Waits for a file of this ending that is right, and until the desk says so: then it writes another. */
  const written = async (ending, judge) => {
    await until(`a file that is right ends in ${ending}`, () => {
      const name = readdirSync(folder, { recursive: true }).find((each) => each.endsWith(ending));
      assert.ok(name, "there is none");
      judge(readFileSync(path.join(folder, name)));
      return true;
    });
    await desk.find("toast", ending);
  };
  await desk.press("Control+Alt+KeyP");
  await written(".png", (bytes) => assert.ok(bytes.subarray(0, 4).equals(PNG), "it is no picture"));
  await desk.press("Control+Alt+KeyE");
  await written(".xlsx", (bytes) => assert.equal(bytes.subarray(0, 2).toString(), "PK"));
  await desk.click("metrics-export");
  await desk.click("metrics-export-csv");
  const counted = new RegExp(`"会话量",${CUSTOMERS},`);
  await written(".csv", (bytes) => assert.match(bytes.toString(), counted));
  passed("a picture, a workbook and a table were written");
}

/** Where a PDF says how large its pages are, in points; those of A4. */
const PAGE = /\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]/g;
const A4 = [595, 842];

/** What the print dialogue gets, which a browser without a screen does not open. */
async function printsThem(desk) {
  await desk.page.evaluate(() => {
    window.print = () => {
      document.body.dataset.printed = "yes";
    };
  });
  await desk.press("Alt+Shift+KeyD");
  await desk.press("Control+KeyP");
  await desk.page.waitForFunction(() => document.body.dataset.printed === "yes");
  await desk.page.emulateMedia({ media: "print" });
  const paper = desk.at("paper");
  assert.match(await paper.innerText(), new RegExp(`会话量\\s+${CUSTOMERS}\\b`));
  // Each chart stands under its own name, and none upon another.
  const tops = await paper.locator("canvas").evaluateAll((all) =>
    all.map((canvas) => {
      const [chart, figure] = [canvas, canvas.parentElement].map((one) =>
        one.getBoundingClientRect(),
      );
      const isWithin =
        chart.left >= figure.left - 1 &&
        chart.right <= figure.right + 1 &&
        chart.top > figure.top &&
        chart.bottom <= figure.bottom + 8;
      return isWithin ? `${Math.round(chart.left)} ${Math.round(chart.top)}` : "outside";
    }),
  );
  assert.ok(tops.length > 5 && !tops.includes("outside"), tops.join(", "));
  assert.equal(new Set(tops).size, tops.length, tops.join(", "));
  const ground = await desk.page.evaluate(() => [
    getComputedStyle(document.documentElement).colorScheme,
    getComputedStyle(document.body).backgroundColor,
  ]);
  assert.deepEqual(ground, ["light", "rgba(0, 0, 0, 0)"], "paper is white in the dark");
  const pdf = (await desk.page.pdf({ preferCSSPageSize: true })).toString("latin1");
  const pages = [...pdf.matchAll(PAGE)].map(([, ...size]) => size.map((n) => Math.round(n)));
  assert.ok(pages.length >= 2, `${pages.length} pages`);
  for (const size of pages) assert.deepEqual(size, A4);
  await desk.page.emulateMedia({ media: null });
  await desk.page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
  await desk.gone("paper");
  await desk.press("Alt+Shift+KeyL");
  passed("they go onto white paper of A4 as text and charts, in the dark too, by key");
}

async function fillsTheWall(desk) {
  await desk.click("metrics-wall");
  await desk.says("wall-volume", new RegExp(`${CUSTOMERS}`));
  await desk.page.waitForFunction(() => document.fullscreenElement !== null);
  await picture(desk, "wallboard");
  await desk.press("Escape");
  await desk.find("metrics");
  await desk.page.waitForFunction(() => document.fullscreenElement === null);
  passed("the wallboard takes the whole screen, and Esc gives it back");
}

async function staysOffline(desk, server) {
  await server.stop();
  await desk.says("metrics-offline", /离线，显示的是截至 \d\d:\d\d 的数字/);
  await desk.says("metric-volume", new RegExp(`^会话量\\s+${CUSTOMERS}\\b`));
  await desk.click("metric-coverage");
  await desk.says("metrics-behind", /现在离线/);
  await desk.press("Escape");
  passed(
    "offline the numbers stay, with the time they are of; the rows say that they need the server",
  );
}

await main(async () => {
  const folder = temporary("lingtai-metrics-");
  const server = await Server.create({ data: path.join(folder, "server") });
  await server.start();
  const data = path.join(folder, "office");
  const [browser, office] = await Promise.all([
    openBrowser(),
    DevHost.start({ data, keychain: true }),
    server.setUp([AGENT]),
  ]);
  await isEarlyEnough();
  for (const dialogue of dialogues().slice(0, CUSTOMERS))
    await Visitor.saying(server, saidBy("customer", dialogue).slice(0, 1), dialogue.contact);
  const desk = await Screen.open(browser, office.url);
  try {
    await desk.page.addInitScript(() => Object.freeze(Object.prototype));
    await desk.reload("login-server");
    await signIn(desk, server, ADMIN);
    await countsThem(desk);
    await opensThem(desk);
    await writesThem(desk, data);
    await printsThem(desk);
    await fillsTheWall(desk);
    await staysOffline(desk, server);
    assert.deepEqual(desk.complaints, []);
    passed("the page complained of nothing");
  } catch (error) {
    await picture(desk, "failed");
    throw error;
  } finally {
    await browser.close();
  }
});
