// A shop that asks its customers for a mark, and an agent who serves one, over the console's own commands.
import { DevHost } from "./devhost.mjs";
import { temporary, until } from "./process.mjs";
import { ADMIN, AGENT } from "./server.mjs";

const PASSPHRASE = "晨光里的旧书店-2026";

async function signedIn(server, { username, password }) {
  const desk = await DevHost.start({
    data: temporary(`lingtai-survey-${username}-`),
    keychain: true,
  });
  await desk.rpc("session.login", {
    server: server.enrolment,
    username,
    password,
    passphrase: PASSPHRASE,
  });
  return desk;
}

const settled = (desk) =>
  until("what was done is at the server", async () => {
    const { state, pending } = await desk.rpc("connection.get");
    return state === "online" && pending === 0;
  });

/** The administrator's desk turns surveys of the first source on: asked at once, after every conversation. */
export async function turnOn(server, more = {}) {
  const admin = await signedIn(server, ADMIN);
  let inbox;
  await until("the sources are there", async () => {
    inbox = (await admin.rpc("routing.settings")).inboxes[0];
    return inbox !== undefined;
  });
  const survey = {
    on: true,
    question: "",
    question_en: "",
    delay_ms: 0,
    remind_after_ms: null,
    again_after_ms: 0,
    ...more,
  };
  await admin.rpc("routing.configure", {
    setting: { kind: "inbox_survey", inbox_id: inbox.id, survey },
  });
  await settled(admin);
  await admin.stop();
}

/** The agent's desk. */
export const agentDesk = (server) => signedIn(server, AGENT);

/** Takes the only one who waits, answers and resolves. Gives the conversation. */
export async function serve(desk, text) {
  let row;
  await until("one waits", async () => {
    const page = await desk.rpc("inbox.list", { scope: "queue", sort: "waiting" });
    row = page.rows[0];
    return page.rows.length === 1;
  });
  const of = { conversation_id: row.id };
  await desk.rpc("conversation.claim", of);
  await settled(desk);
  const { last_seq } = await desk.rpc("conversation.get", of);
  const message_id = crypto.randomUUID();
  const reply = { ...of, message_id, text, seen_seq: last_seq, faq_id: null };
  await desk.rpc("message.send", reply);
  await settled(desk);
  await desk.rpc("conversation.resolve", of);
  await settled(desk);
  return of;
}
