// The chat page: what is known, what the visitor does, and when to draw.

import { kindOf, newFiles, refusalOf } from "./file.js";
import { newId, openKeep } from "./keep.js";
import { openLink } from "./link.js";
import { newSurvey } from "./survey.js";
import { drawRows, findParts, make, rowsOf } from "./view.js";
import { language, leftText, queueText, t } from "./words.js";

const TYPING_SHOWN_MS = 6_000;
const TYPING_TOLD_EVERY_MS = 3_000;
const SLOW_AGAIN_MS = 8_000;
const OFFLINE_SHOWN_AFTER_MS = 1_500;
const COUNT_FROM = 500;
/** Codes after which the same message may go through later. */
const LATER = new Set(["slow_down", "storage", "offline", "internal"]);

const inbox = decodeURIComponent(location.pathname.split("/")[2] ?? "");
const framed = window.parent !== window;
const keep = openKeep(inbox);
const part = findParts();

const model = {
  messages: [],
  handler: { kind: "none" },
  queuePosition: null,
  waitMs: null,
  readSeq: 0,
  choices: [],
  greeting: "",
  organisation: "",
  line: "connecting",
  failed: new Map(),
  slow: new Set(),
  typingUntil: 0,
  shown: !framed,
};
let link = null;
let typingTold = 0;
let netTimer = 0;
let atEnd = true;

function start() {
  if (link) return;
  link = openLink({
    inbox,
    keep,
    after: () => model.messages.at(-1)?.seq ?? 0,
    onEvent,
    onLine,
    onSession,
  });
}

function onSession(session) {
  model.organisation = session.organisation;
  model.greeting = session.greeting;
  draw();
}

function onLine(line) {
  model.line = line;
  clearTimeout(netTimer);
  if (line === "online") {
    part.net.hidden = true;
    sendOutbox();
    survey.flush();
    // A history that was just loaded is not read out; what comes after it is.
    setTimeout(() => part.messages.removeAttribute("aria-busy"), 1_000);
  } else if (line === "offline") {
    netTimer = setTimeout(() => {
      part["net-text"].textContent = t("net");
      part.net.hidden = false;
    }, OFFLINE_SHOWN_AFTER_MS);
  }
  draw();
}

function onEvent(event) {
  switch (event.t) {
    case "messages":
      takeMessages(event.items);
      break;
    case "state":
      model.handler = event.handler;
      model.queuePosition = event.queue_position;
      model.waitMs = event.wait_ms ?? null;
      model.choices = event.choices ?? [];
      // What was taken back leaves the page, however long ago it came.
      if (event.recalled?.length)
        model.messages = model.messages.filter(({ id }) => !event.recalled.includes(id));
      model.readSeq = Math.max(model.readSeq, event.read_seq);
      survey.show(event.survey ?? null);
      break;
    case "typing":
      model.typingUntil = Date.now() + TYPING_SHOWN_MS;
      setTimeout(drawTyping, TYPING_SHOWN_MS + 50);
      break;
    case "refused":
      refused(event.id, event.code);
      break;
    case "survey_refused":
      survey.refused(event.survey, event.code);
      break;
  }
  draw();
}

function takeMessages(items) {
  const known = new Map(model.messages.map((message) => [message.seq, message]));
  for (const item of items) {
    known.set(item.seq, item);
    keep.drop(item.id);
    model.failed.delete(item.id);
    model.slow.delete(item.id);
    if (item.author !== "me") model.typingUntil = 0;
  }
  model.messages = Array.from(known.values()).sort((a, b) => a.seq - b.seq);
}

function refused(id, code) {
  if (LATER.has(code)) {
    model.slow.add(id);
    setTimeout(() => {
      model.slow.delete(id);
      sendOutbox();
      draw();
    }, SLOW_AGAIN_MS);
  } else {
    model.failed.set(id, code);
  }
}

function outbox() {
  return keep.outbox().map((item) => ({
    ...item,
    failed: model.failed.get(item.id),
    slow: model.slow.has(item.id),
    progress: item.file ? files.progress(item.file.id) : undefined,
  }));
}

/** What moves files; it draws whatever comes of one. */
const files = newFiles({
  headers: () => link?.headers() ?? null,
  onChange: () => draw(),
});

/** The question for a mark after a conversation. */
const survey = newSurvey({ part, keep, send: (event) => link?.send(event) ?? false });

/** Sends what waits, oldest first. The server stores each id once, however often it comes. */
function sendOutbox() {
  for (const item of outbox()) {
    if (item.failed || item.slow) continue;
    if (item.file) void sendFile(item);
    else link.send({ t: "send", id: item.id, text: item.text });
  }
}

/** Uploads a file, then sends the message that carries it. Both are done once, however often tried. */
async function sendFile(item) {
  const code = await files.upload(item.file);
  if (code === null) link.send({ t: "send_file", id: item.id, file: item.file.id });
  else if (code === "later") setTimeout(sendOutbox, SLOW_AGAIN_MS);
  else refused(item.id, code);
  draw();
}

function writeFiles(chosen) {
  start();
  for (const file of chosen) {
    const kind = kindOf(file);
    const wrong = refusalOf(file, kind);
    if (wrong) {
      say(t(wrong, { name: file.name }));
      continue;
    }
    const id = newId();
    const item = {
      id: newId(),
      text: "",
      at: Date.now(),
      file: { id, name: file.name, kind, n_bytes: file.size, width: 0, height: 0 },
    };
    files.take(id, file);
    keep.put(item);
    if (model.line === "online") void sendFile(item);
  }
  atEnd = true;
  draw();
}

/** A word on what was just chosen, until something is typed or chosen again. */
function say(text) {
  part.note.textContent = text;
  part.note.classList.add("is-warning");
}

function write(text) {
  const clean = text.trim();
  if (!clean) return;
  const item = { id: newId(), text: clean, at: Date.now() };
  keep.put(item);
  atEnd = true;
  start();
  // Nothing overtakes what still waits.
  if (model.slow.size > 0) refused(item.id, "slow_down");
  else if (model.line === "online") link.send({ t: "send", id: item.id, text: clean });
  draw();
}

const act = {
  /** Sends the words of a choice, as if they had been typed. */
  choose: (text) => {
    write(text);
    part.text.focus();
  },
  ask: () => {
    write(t("ask_sent"));
    part.text.focus();
  },
  /** Leaves out what is on its way or was refused. */
  cancel: (id) => {
    const item = keep.outbox().find((each) => each.id === id);
    if (item?.file) files.stop(item.file.id);
    keep.drop(id);
    model.failed.delete(id);
    draw();
  },
  thumb: (file) => files.thumb(file),
  look: (file) => openLarge(file),
  save: (file) => saveFile(file),
  again: (id) => {
    model.failed.delete(id);
    sendOutbox();
    draw();
  },
};

async function openLarge(file) {
  part["large-name"].textContent = file.name;
  part["large-stage"].replaceChildren();
  part["large-save"].onclick = () => saveFile(file);
  part.large.showModal();
  try {
    const image = document.createElement("img");
    image.alt = file.name;
    image.src = await files.whole(file);
    part["large-stage"].replaceChildren(image);
  } catch {
    part["large-stage"].replaceChildren(t("picture_gone"));
  }
}

async function saveFile(file) {
  try {
    const link = document.createElement("a");
    link.href = await files.whole(file);
    link.download = file.name;
    link.click();
  } catch {
    say(t("failed"));
  }
}

function draw() {
  const rows = rowsOf({
    messages: model.messages,
    outbox: outbox(),
    greeting: model.greeting,
    readSeq: model.readSeq,
    choices: model.choices,
    handler: model.handler,
    now: Date.now(),
    online: model.line === "online",
  });
  if (model.line === "gone") drawGone();
  else drawRows(part.messages, rows, act);
  drawHead();
  drawQueue();
  drawTyping();
  noteRead();
  if (atEnd) scrollToEnd();
}

function drawGone() {
  part.messages.replaceChildren(make("li", "empty", t("no_inbox")));
  part.composer.hidden = true;
}

function drawHead() {
  part.organisation.textContent = model.organisation || t("title");
  const { kind, name } = model.handler;
  const connecting = model.line !== "online";
  const who = kind === "left_message" ? "left" : kind;
  const key = model.line === "gone" ? "" : connecting ? "who_connecting" : `who_${who}`;
  const text = key ? t(key, { name }) : "";
  if (part.who.textContent !== text) part.who.textContent = text;
  part.who.className = `head__who one${connecting ? " is-away" : kind === "queue" || kind === "left_message" ? " is-queue" : ""}`;
}

function drawQueue() {
  const queued = model.handler.kind === "queue";
  const left = model.handler.kind === "left_message";
  part.queue.hidden = !queued && !left;
  const text = left ? leftText(model.handler.opens_at) : queueText(model);
  if (part["queue-text"].textContent !== text) part["queue-text"].textContent = text;
  part.ask.hidden = queued || left || model.handler.kind === "agent";
  part.text.placeholder = t(
    queued ? "placeholder_queue" : left ? "placeholder_left" : "placeholder",
  );
}

function drawTyping() {
  const typing = Date.now() < model.typingUntil && model.handler.kind === "agent";
  const text = typing ? t("typing", { name: model.handler.name }) : "";
  if (part.typing.textContent !== text) part.typing.textContent = text;
}

/** What stands on a screen that is looked at has been read; the rest is counted. */
function noteRead() {
  const last = model.messages.at(-1)?.seq ?? 0;
  const seen = keep.readSeq();
  const looking = model.shown && document.visibilityState === "visible";
  if (looking && atEnd && last > seen && link?.send({ t: "read", seq: last }))
    keep.setReadSeq(last);
  const mark = Math.min(keep.readSeq(), last);
  const unread = model.messages.filter(
    (m) => m.seq > mark && (m.author === "bot" || m.author === "agent"),
  ).length;
  const name = model.organisation || t("title");
  document.title = unread ? `(${unread}) ${name}` : name;
  part.jump.hidden = atEnd || unread === 0;
  tellParent({ lingtai: "unread", unread });
}

function tellParent(message) {
  // The count is all that the shop's page learns, so any page may hear it.
  if (framed) window.parent.postMessage(message, "*");
}

function scrollToEnd() {
  part.log.scrollTop = part.log.scrollHeight;
}

function fitText() {
  part.text.style.height = "auto";
  part.text.style.height = `${part.text.scrollHeight}px`;
  const left = part.text.maxLength - part.text.value.length;
  const short = left <= COUNT_FROM;
  part.note.textContent = short ? t("chars_left", { n: left }) : "";
  if (!short) part.note.append(make("span", "composer__hint", t("hint")));
  part.note.classList.toggle("is-warning", left <= 50);
  part.send.disabled = part.text.value.trim() === "";
}

function submit() {
  write(part.text.value);
  part.text.value = "";
  keep.setDraft("");
  fitText();
  part.text.focus();
}

part.composer.addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
part.text.addEventListener("keydown", (event) => {
  // While an input method composes, Enter picks a word; 229 is how Safari says so.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  submit();
});
part.text.addEventListener("input", () => {
  fitText();
  keep.setDraft(part.text.value);
  const heard = model.handler.kind === "agent" || model.handler.kind === "queue";
  if (heard && part.text.value && Date.now() - typingTold > TYPING_TOLD_EVERY_MS) {
    typingTold = Date.now();
    link?.send({ t: "typing" });
  }
});
part.attach.addEventListener("click", () => part.picker.click());
part.picker.addEventListener("change", () => {
  writeFiles(Array.from(part.picker.files));
  part.picker.value = "";
  part.text.focus();
});
part.text.addEventListener("paste", (event) => {
  const pasted = Array.from(event.clipboardData?.files ?? []);
  if (pasted.length === 0) return;
  event.preventDefault();
  writeFiles(pasted);
});
part.chat.addEventListener("dragover", (event) => event.preventDefault());
part.chat.addEventListener("drop", (event) => {
  event.preventDefault();
  writeFiles(Array.from(event.dataTransfer?.files ?? []));
});
part["large-close"].addEventListener("click", () => part.large.close());
part.large.addEventListener("click", (event) => {
  if (event.target === part.large || event.target === part["large-stage"]) part.large.close();
});
part.ask.addEventListener("click", act.ask);
part.log.addEventListener("scroll", () => {
  const { scrollTop, clientHeight, scrollHeight } = part.log;
  const was = atEnd;
  atEnd = scrollHeight - scrollTop - clientHeight < 40;
  if (atEnd && !was) noteRead();
});
part.jump.addEventListener("click", () => {
  atEnd = true;
  scrollToEnd();
  noteRead();
});
new ResizeObserver(() => atEnd && scrollToEnd()).observe(part.log);
document.addEventListener("visibilitychange", noteRead);
addEventListener("storage", draw);
addEventListener("keydown", (event) => {
  if (framed && event.key === "Escape" && !event.isComposing && !part.large.open)
    tellParent({ lingtai: "close" });
});
part.close.addEventListener("click", () => tellParent({ lingtai: "close" }));
addEventListener("message", (event) => {
  if (!framed || event.source !== window.parent) return;
  if (event.data?.lingtai === "open") {
    model.shown = true;
    start();
    part.text.focus({ preventScroll: true });
  } else if (event.data?.lingtai === "shut") {
    model.shown = false;
  } else {
    return;
  }
  draw();
});

document.documentElement.lang = language;
document.documentElement.classList.toggle("is-framed", framed);
const theme = new URLSearchParams(location.search).get("theme");
if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
part["ask-text"].textContent = t("ask");
part["send-text"].textContent = t("send");
part["jump-text"].textContent = t("jump");
part.log.setAttribute("aria-label", t("messages"));
part.text.setAttribute("aria-label", t("placeholder"));
part.attach.setAttribute("aria-label", t("attach"));
part.attach.title = t("attach");
part["large-save"].textContent = t("save");
part["large-close"].setAttribute("aria-label", t("close"));
part.close.setAttribute("aria-label", t("close"));
part.close.title = t("close");
part.close.hidden = !framed;
part.text.value = keep.draft();
fitText();
draw();
// In a frame that is still shut, only a visitor who was here before is connected: to count answers.
if (!framed || keep.token()) start();
tellParent({ lingtai: "ready" });
