// The customer: the real chat page in a real browser.
import { require } from "./process.mjs";

const { chromium } = require("playwright-core");

export const BROWSER = process.env.LINGTAI_CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--force-color-profile=srgb",
];

/** A browser; it needs no Internet, and ends with the script. */
export function openBrowser() {
  // With scroll bars, as people see it: layouts leave room for them.
  return chromium.launch({
    executablePath: BROWSER,
    args: FLAGS,
    ignoreDefaultArgs: ["--hide-scrollbars"],
  });
}

/** A chat page of a customer of its own; the server's private authority is not in the browser's list. */
export async function openChat(browser, url, options = {}) {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    locale: "zh-CN",
    viewport: { width: 390, height: 780 },
    deviceScaleFactor: 2,
    ...options,
  });
  const page = await context.newPage();
  if (url) await page.goto(url);
  return { context, page };
}

/** Waits until the chat page has its server. */
export async function isOnline(page) {
  await page.locator("#who", { hasNotText: "正在连接" }).waitFor();
}

export async function ask(page, text) {
  await page.locator("#text").fill(text);
  await page.locator("#text").press("Enter");
}

/** Address of the chat page of a server's inbox. */
export const chatUrl = (server) => `${server.url}/chat/${server.made.inbox_key}`;
