// Pictures and files between the real chat page and the console, over the real handlers and a real
// server: seen small, looked at large, saved, pasted, dropped, sent without a server, taken back.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { ask, chatUrl, isOnline, openBrowser, openChat } from "./lib/customer.mjs";
import { DevHost } from "./lib/devhost.mjs";
import { hand, isDrawn } from "./lib/files.mjs";
import { main, temporary } from "./lib/process.mjs";
import { passed, picture } from "./lib/report.mjs";
import { Screen } from "./lib/screen.mjs";
import { AGENT, Server } from "./lib/server.mjs";
import { signIn, waiting } from "./lib/signin.mjs";

const NOTE = "开机前请先撕掉底部的绝缘贴纸";

async function looksAtIt(desk, customer, photo) {
  await ask(customer, "转人工");
  await customer
    .locator("#picker")
    .setInputFiles([{ name: "破损13812345678.png", mimeType: "", buffer: photo }]);
  await desk.press("Alt+Digit2");
  const row = await desk.find("conv-row", "[图片] 破损138****5678.png");
  passed("the list says that a picture came, its name masked");
  await row.click();
  const small = (await desk.find("picture")).locator("img");
  await isDrawn(small);
  assert.ok((await small.evaluate((image) => image.naturalWidth)) <= 480);
  await picture(desk, "files-thread-light");
  await small.click();
  const large = desk.at("large-picture");
  await isDrawn(large);
  assert.equal(await large.evaluate((image) => image.naturalWidth), 780);
  await picture(desk, "files-lightbox-light");
  await desk.click("save-file");
  const said = await desk.page.getByText(/已保存到 \S+/).innerText();
  const place = said.match(/已保存到 (\S+)/)[1];
  assert.match(place, /破损138xxxx5678\.png$/, "its name is masked outside of the store too");
  const saved = readFileSync(place);
  assert.ok(saved.equals(photo), "what was saved is what was sent, byte for byte");
  await desk.press("Escape");
  await desk.gone("lightbox");
  passed("it is seen small, looked at in full size, and saved byte for byte; Esc closes it");
}

async function sendsSome(desk, customer, photo) {
  await hand(desk, "composer", "paste", "安装示意.png", photo);
  await desk.find("staged-file", "安装示意.png");
  await hand(desk, "messages", "drop", "安装说明.txt", Buffer.from(NOTE));
  await desk.find("staged-file", "安装说明.txt");
  await hand(desk, "composer", "paste", "安装.exe", Buffer.from("MZ\x90\x00"));
  await desk.page.getByText("「安装.exe」的类型不能发").waitFor();
  await picture(desk, "files-composer-light");
  await desk.type("composer", "请按图安装");
  await desk.at("composer").press("Enter");
  await customer.locator(".msg--agent .bubble", { hasText: "请按图安装" }).waitFor();
  await isDrawn(customer.locator(".msg--agent .picture img"));
  const [saved] = await Promise.all([
    customer.waitForEvent("download"),
    customer.locator(".file", { hasText: "安装说明.txt" }).click(),
  ]);
  assert.equal(readFileSync(await saved.path(), "utf8"), NOTE);
  await waiting(desk, 0);
  passed("pasted and dropped, they go out after the words, and the customer has them");
}

async function sendsWithoutServer(desk, customer, server) {
  await server.stop();
  await desk.says("connection", /离线/);
  await hand(desk, "composer", "paste", "错的.txt", Buffer.from("错的"));
  await desk.find("staged-file", "错的.txt");
  await desk.at("composer").press("Enter");
  await waiting(desk, 1);
  await desk.click("cancel-file");
  await desk.find("staged-file", "错的.txt");
  await desk.click("leave-out");
  await desk.gone("staged-file");
  await hand(desk, "composer", "paste", "保修卡.txt", Buffer.from("保修卡"));
  await desk.find("staged-file", "保修卡.txt");
  await desk.at("composer").press("Enter");
  await desk.find("message-pending");
  await desk.press("Alt+Shift+KeyD");
  await picture(desk, "files-offline-dark");
  await server.start();
  await desk.says("connection", /在线/, 60_000);
  await waiting(desk, 0);
  await isOnline(customer);
  await customer.locator(".file", { hasText: "保修卡.txt" }).waitFor();
  assert.equal(await customer.locator(".file", { hasText: "保修卡.txt" }).count(), 1);
  assert.equal(await customer.locator(".file", { hasText: "错的.txt" }).count(), 0);
  passed("written without a server, it arrives once; what was taken back never does");
  await picture(desk, "files-thread-dark");
}

await main(async () => {
  const server = await Server.create({ data: temporary("lingtai-files-") });
  await server.start();
  await server.setUp();
  const host = await DevHost.start({ data: temporary("lingtai-files-desk-"), keychain: true });
  const browser = await openBrowser();
  const desk = await Screen.open(browser, host.url);
  try {
    await signIn(desk, server, AGENT);
    await desk.press("Alt+Shift+Digit1");
    const { page: customer } = await openChat(browser, chatUrl(server));
    await isOnline(customer);
    const photo = await customer.screenshot();
    await looksAtIt(desk, customer, photo);
    await sendsSome(desk, customer, photo);
    await sendsWithoutServer(desk, customer, server);
    assert.deepEqual(
      desk.complaints.filter((line) => !/ERR_|Failed to load/.test(line)),
      [],
    );
  } catch (error) {
    await picture(desk, "files-failed");
    throw error;
  } finally {
    await browser.close();
    await host.stop();
    await server.stop();
  }
});
