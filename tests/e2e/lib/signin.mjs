// How an agent comes in, in the real window as in a browser: both have find, type, click and says.
import { AGENT } from "./server.mjs";

/** Opens the local store where no keychain keeps its key. */
export const PASSPHRASE = "晨光里的旧书店-2026";

/** Goes from the server to the account. */
export async function chooseServer(desk, server) {
  await desk.type("login-server", server.enrolment);
  await desk.click("login-submit");
  await desk.find("login-username");
}

/** Signs in on a new device by typing; says whether a passphrase was asked for. */
export async function signIn(desk, server, agent = AGENT) {
  await chooseServer(desk, server);
  await desk.type("login-username", agent.username);
  await desk.type("login-password", agent.password);
  const asked = (await desk.count("login-passphrase")) > 0;
  if (asked) await desk.type("login-passphrase", PASSPHRASE);
  await desk.click("login-submit");
  await desk.says("connection", /在线/, 60_000);
  return { passphrase: asked };
}

/** Waits until the strip says that so many operations wait. */
export async function waiting(desk, n) {
  await desk.has("connection", "data-pending", String(n));
}
