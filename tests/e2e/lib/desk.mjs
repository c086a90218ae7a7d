// The real window, driven through WebKitWebDriver: what an agent sees and presses.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { Child, freePort, program, require, until } from "./process.mjs";

const { Builder, By, Capabilities, error, Key } = require("selenium-webdriver");

export { Key };

/** Longer texts, such as an enrolment code, are pasted as people do. */
const PASTED = 200;

export class Desk {
  /** Starts the app with its own data folder. */
  static async open({ data, env = {} }) {
    const port = await freePort();
    // A group of its own: the driver ends the window after it has said that the session is over, so
    // that a driver which is ended at once may leave the window behind.
    const driver = new Child("WebKitWebDriver", [`--port=${port}`, "--host=127.0.0.1"], {
      detached: true,
      env: { ...process.env, TAURI_WEBVIEW_AUTOMATION: "true", LINGTAI_DATA: data, ...env },
    });
    await until(
      "WebKitWebDriver answers",
      async () => (await fetch(`http://127.0.0.1:${port}/status`)).ok,
    );
    const capabilities = new Capabilities();
    capabilities.setBrowserName("wry");
    capabilities.set("webkitgtk:browserOptions", { binary: program("lingtai-desk"), args: [] });
    const browser = await new Builder()
      .usingServer(`http://127.0.0.1:${port}/`)
      .withCapabilities(capabilities)
      .build();
    const desk = new Desk();
    Object.assign(desk, { driver, browser, data });
    return desk;
  }

  find(testid) {
    return until(`${testid} is on the screen`, async () => {
      const [element] = await this.browser.findElements(By.css(`[data-testid="${testid}"]`));
      return element && (await element.isDisplayed()) ? element : undefined;
    });
  }

  /** Every element of this name, with its text. */
  async all(testid) {
    const elements = await this.browser.findElements(By.css(`[data-testid="${testid}"]`));
    return Promise.all(
      elements.map(async (element) => ({ element, text: await element.getText() })),
    );
  }

  async count(testid) {
    return (await this.browser.findElements(By.css(`[data-testid="${testid}"]`))).length;
  }

  async click(testid) {
    await until(`${testid} can be pressed`, async () => {
      await (await this.find(testid)).click();
      return true;
    });
  }

  async type(testid, ...keys) {
    const { failed } = await until(`${testid} takes what is typed`, async () => {
      try {
        await this.#enter(await this.find(testid), keys);
        return {};
      } catch (failure) {
        // One that was drawn anew took nothing; after anything else a part may stand there.
        if (failure instanceof error.StaleElementReferenceError) throw failure;
        return { failed: failure };
      }
    });
    if (failed) throw failed;
  }

  async #enter(element, keys) {
    const [code] = keys;
    if (keys.length === 1 && code.length > PASTED) {
      await element.click();
      await this.browser.executeScript(
        "document.execCommand('insertText', false, arguments[0])",
        code,
      );
    } else {
      await element.sendKeys(...keys);
    }
  }

  async press(...keys) {
    await this.browser
      .actions()
      .sendKeys(...keys)
      .perform();
  }

  /** Presses a key while others are held. */
  async chord(key, ...held) {
    let actions = this.browser.actions();
    for (const each of held) actions = actions.keyDown(each);
    actions = actions.sendKeys(key);
    for (const each of held.reverse()) actions = actions.keyUp(each);
    await actions.perform();
  }

  async text(testid = undefined) {
    const element = testid
      ? await this.find(testid)
      : await this.browser.findElement(By.css("body"));
    return element.getText();
  }

  value(testid) {
    return this.browser.executeScript(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the browser fills it in
      'const e = document.querySelector(`[data-testid="${arguments[0]}"]`); return e ? (e.value ?? e.textContent) : null',
      testid,
    );
  }

  /** Waits until an element says something. */
  async says(testid, pattern, limitMs = 20_000) {
    return until(
      `${testid} says ${pattern}`,
      async () => {
        const match = (await this.text(testid)).match(pattern);
        return match ?? undefined;
      },
      limitMs,
    );
  }

  /** Waits until an element has an attribute of this value. */
  async has(testid, attribute, value) {
    await until(`${testid} has ${attribute}=${value}`, async () => {
      return (await (await this.find(testid)).getAttribute(attribute)) === value;
    });
  }

  /** A picture of the page; waits for two drawn frames first, since the first may be an old one. */
  async shot(file) {
    await this.browser.executeAsyncScript(
      "const done = arguments[arguments.length - 1]; setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => done())), 700)",
    );
    writeFileSync(path.resolve(file), await this.browser.takeScreenshot(), "base64");
  }

  async close() {
    try {
      await this.browser.quit();
    } finally {
      await this.driver.stop();
    }
  }
}
