// The desk's key in a real keychain: no passphrase is asked for, the next start opens by itself.
// Run it under tests/e2e/run.sh; the keychain lives in that session and holds nothing else.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { Desk } from "./lib/desk.mjs";
import { Child, main, run, temporary, until } from "./lib/process.mjs";
import { passed } from "./lib/report.mjs";
import { Server } from "./lib/server.mjs";
import { signIn } from "./lib/signin.mjs";

/** GNOME's keychain, unlocked, on this session's bus. */
async function openKeychain() {
  const args = ["--foreground", "--unlock", "--components=secrets"];
  const daemon = new Child("gnome-keyring-daemon", args, { input: "password of the test\n" });
  const asks = [
    "--session",
    "--print-reply",
    "--dest=org.freedesktop.DBus",
    "/",
    "org.freedesktop.DBus.NameHasOwner",
  ];
  await until("the keychain is there", async () => {
    if (daemon.gone) return true;
    const answer = await run("dbus-send", [...asks, "string:org.freedesktop.secrets"]);
    return answer.includes("boolean true");
  });
  assert.ok(!daemon.gone, `the keychain ended:\n${daemon.output}`);
  return daemon;
}

await main(async () => {
  const folder = temporary("lingtai-keychain-");
  await openKeychain();
  const server = await Server.create({ data: path.join(folder, "server") });
  await server.start();
  await server.setUp();

  const data = path.join(folder, "desk");
  let desk = await Desk.open({ data });
  const { passphrase } = await signIn(desk, server);
  assert.equal(passphrase, false, "a desk with a keychain asks for no passphrase");
  await desk.close();
  passed("the agent signs in without a passphrase");

  const keys = readFileSync(path.join(data, "keys.json"), "utf8");
  assert.match(keys, /"os"/);
  await server.stop();
  desk = await Desk.open({ data });
  await desk.says("connection", /离线/);
  await desk.close();
  passed("the next start opens the store with the keychain's key, without the server");
});
