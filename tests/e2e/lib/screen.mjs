// The console in a browser: the same names as those of the real window in desk.mjs.
import { until } from "./process.mjs";

/** A refused command answers 422, which the browser calls an error; the screen says it in words. */
const REFUSED = /^Failed to load resource: the server responded with a status of 422/;

export class Screen {
  /** A window of its own on a host's page. */
  static async open(browser, url, options = {}) {
    const screen = new Screen();
    screen.context = await browser.newContext({
      locale: "zh-CN",
      colorScheme: "light",
      reducedMotion: "reduce",
      viewport: { width: 1440, height: 900 },
      ...options,
    });
    screen.page = await screen.context.newPage();
    screen.complaints = [];
    screen.page.on("pageerror", (error) => screen.complaints.push(error.stack ?? error.message));
    screen.page.on("console", (line) => {
      if (line.type() === "error" && !REFUSED.test(line.text()))
        screen.complaints.push(line.text());
    });
    await screen.page.goto(url);
    return screen;
  }

  /** The elements of a name; with `text`, those that say it. */
  at(testid, text = undefined) {
    const all = this.page.locator(`[data-testid="${testid}"]`);
    return text === undefined ? all : all.filter({ hasText: text });
  }

  /** Waits for the first of a name. */
  async find(testid, text = undefined) {
    const first = this.at(testid, text).first();
    await first.waitFor();
    return first;
  }

  async gone(testid, text = undefined) {
    await this.at(testid, text).first().waitFor({ state: "detached" });
  }

  count(testid, text = undefined) {
    return this.at(testid, text).count();
  }

  async click(testid, text = undefined) {
    await this.at(testid, text).first().click();
  }

  /** Writes instead of what stands there. */
  async type(testid, text) {
    await this.at(testid).first().fill(text);
  }

  /** Presses a chord, such as Alt+Shift+Digit1, wherever the focus is. */
  async press(...chords) {
    for (const chord of chords) await this.page.keyboard.press(chord);
  }

  value(testid) {
    return this.at(testid).first().inputValue();
  }

  text(testid = undefined) {
    return (testid ? this.at(testid).first() : this.page.locator("body")).innerText();
  }

  /** Waits until an element says something. */
  says(testid, pattern, limitMs = 20_000) {
    return until(
      `${testid} says ${pattern}`,
      async () => (await this.text(testid)).match(pattern),
      limitMs,
    );
  }

  /** Waits until an element has an attribute of this value. */
  async has(testid, attribute, value) {
    await this.page.locator(`[data-testid="${testid}"][${attribute}="${value}"]`).first().waitFor();
  }

  /** Waits until what is in the composer fits, and gives it. */
  holds(pattern) {
    return until(`the composer holds ${pattern}`, async () => {
      const value = await this.value("composer");
      return pattern.test(value) && { value };
    });
  }

  /** Reloads, and waits for an element of the page that comes. */
  async reload(testid = "connection") {
    await this.page.reload();
    await this.find(testid);
  }

  async shot(file) {
    await this.page.screenshot({ path: file });
  }

  async close() {
    await this.context.close();
  }
}
