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

export function openBrowser() {
  return chromium.launch({ executablePath: BROWSER, args: FLAGS });
}
