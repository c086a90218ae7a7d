// Draws the chat. Texts of people reach the page as text nodes only.

import { dayLabel, dayOf, t, timeOf } from "./words.js";

/** Messages of one author within this time stand under one heading. */
const SAME_HEADING_MS = 5 * 60_000;
const LINK = /https?:\/\/[^\s<>"'，。；！？、）】」]+/g;

const byId = (id) => document.getElementById(id);

/** Elements that stay, by what they are for. */
export function findParts() {
  const names = [
    "organisation",
    "who",
    "close",
    "net",
    "net-text",
    "log",
    "messages",
    "typing",
    "jump",
    "jump-text",
  ];
  names.push(
    "queue",
    "queue-text",
    "survey",
    "survey-ask",
    "survey-question",
    "survey-later",
    "survey-stars",
    "survey-word",
    "survey-more",
    "survey-comment",
    "survey-out",
    "survey-note",
    "survey-send",
    "survey-done",
    "survey-thanks",
    "survey-change",
    "survey-close",
    "composer",
    "text",
    "ask",
    "ask-text",
    "note",
    "send",
    "send-text",
    "attach",
    "picker",
    "large",
    "large-name",
    "large-save",
    "large-close",
    "large-stage",
    "chat",
  );
  return Object.fromEntries(names.map((name) => [name, byId(name)]));
}

/** Makes an element with a class and children; strings become text nodes. */
export function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== null));
  return element;
}

function icon(name, size = 14) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", `icon icon--${size}`);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/**
 * The rows of the log in order, each with a key and a sign of its content: a row is drawn again
 * only when its sign changes, so that a screen reader hears each message once.
 */
export function rowsOf({ messages, outbox, greeting, readSeq, choices, handler, now, online }) {
  const rows = [];
  let day = null;
  let before = null;
  // Only the last word carries a foot: what was answered has evidently arrived.
  const last =
    outbox.length === 0 ? messages.findLast((message) => message.author !== "system") : null;

  function dayRow(at) {
    if (dayOf(at) === day) return;
    day = dayOf(at);
    before = null;
    rows.push({ kind: "day", key: `day:${day}`, label: dayLabel(at, now) });
  }

  if (greeting)
    rows.push({
      kind: "message",
      key: "greeting",
      author: "bot",
      name: "",
      text: greeting,
      at: null,
      first: true,
      foot: null,
    });
  for (const message of messages) {
    dayRow(message.at);
    if (message.author === "system") {
      before = null;
      rows.push({ kind: "event", key: message.id, text: message.text, at: message.at });
      continue;
    }
    const first =
      !before ||
      before.author !== message.author ||
      before.name !== message.name ||
      message.at - before.at > SAME_HEADING_MS;
    let foot = null;
    if (message === last && message.author === "me")
      foot = message.seq <= readSeq ? "read" : "sent";
    if (message === last && message.author === "bot" && handler.kind === "bot") foot = "unsolved";
    rows.push({
      kind: "message",
      key: message.id,
      author: message.author,
      name: message.name,
      text: message.text,
      source: message.source,
      quote: message.quote ?? "",
      file: message.file ?? null,
      at: message.at,
      first,
      foot,
    });
    before = message;
  }
  // A choice is offered while the question is the last word; what is on its way has answered it.
  if (choices.length > 0 && outbox.length === 0 && last?.author === "bot")
    rows.push({ kind: "choices", key: `choices:${last.id}`, choices });
  for (const item of outbox) {
    dayRow(item.at);
    const first = before?.author !== "me";
    const foot = item.failed
      ? "failed"
      : item.slow
        ? "slow"
        : !online
          ? "waiting"
          : item.progress === undefined
            ? "sending"
            : "uploading";
    rows.push({
      kind: "message",
      key: item.id,
      author: "me",
      name: "",
      text: item.text,
      at: item.at,
      first,
      foot,
      code: item.failed,
      file: item.file ?? null,
      progress: item.progress,
    });
    before = { author: "me", name: "", at: item.at };
  }
  return rows;
}

/** Brings the list in line with the rows. `act` has what buttons in them do. */
export function drawRows(list, rows, act) {
  const old = new Map(Array.from(list.children, (element) => [element.dataset.key, element]));
  let place = list.firstElementChild;
  for (const row of rows) {
    const sign = JSON.stringify(row);
    let element = old.get(row.key);
    old.delete(row.key);
    if (!element) {
      element = drawRow(row, act);
      list.insertBefore(element, place);
    } else {
      if (element.dataset.sign !== sign) {
        const fresh = drawRow(row, act);
        if (place === element) place = fresh;
        element.replaceWith(fresh);
        element = fresh;
      }
      if (element === place) place = place.nextElementSibling;
      else list.insertBefore(element, place);
    }
    element.dataset.key = row.key;
    element.dataset.sign = sign;
  }
  for (const element of old.values()) element.remove();
}

function drawRow(row, act) {
  if (row.kind === "day") return make("li", "day", row.label);
  if (row.kind === "choices") return drawChoices(row.choices, act);
  if (row.kind === "event") return make("li", "event", `${timeOf(row.at)} `, row.text);
  const state =
    row.foot === "failed"
      ? " msg--failed"
      : ["waiting", "slow"].includes(row.foot)
        ? " msg--waiting"
        : "";
  const item = make("li", `msg msg--${row.author}${row.first ? " msg--first" : ""}${state}`);
  // Which knowledge an automatic reply came from stays with it, readable for programs.
  if (row.source) item.dataset.source = row.source;
  if (row.first && row.author !== "me") item.append(heading(row));
  else if (row.first && row.at) item.append(make("div", "msg__by", timeOf(row.at)));
  if (row.quote) item.append(make("div", "msg__quote", row.quote));
  if (row.file) item.append(drawFile(row, act));
  else item.append(make("div", "bubble", ...textParts(row.text, row.author !== "me")));
  const foot = drawFoot(row, act);
  if (foot) item.append(foot);
  return item;
}

function heading(row) {
  const time = row.at ? timeOf(row.at) : null;
  if (row.author === "bot")
    return make("div", "msg__by", icon("bot"), make("strong", "", t("bot")), time);
  const face = make("span", "msg__face", Array.from(row.name)[0] ?? "");
  face.setAttribute("aria-hidden", "true");
  return make("div", "msg__by", face, make("strong", "", row.name), time);
}

function drawFoot(row, act) {
  switch (row.foot) {
    case "read":
      return make("div", "msg__foot", icon("check2"), t("read"));
    case "sent":
      return make("div", "msg__foot", icon("check"), t("sent"));
    case "uploading":
      return make(
        "div",
        "msg__foot",
        t("uploading", { n: row.progress }),
        button(t("cancel"), () => act.cancel(row.key)),
      );
    case "sending":
      return make("div", "msg__foot", t("sending"));
    case "waiting":
      return make("div", "msg__foot", icon("clock"), t("waiting"));
    case "slow":
      return make("div", "msg__foot", icon("clock"), t("slow"));
    case "failed": {
      // What the server does not take is not taken the second time either.
      const own = row.file ? WHY_NOT[row.code] : undefined;
      const long = row.code === "too_large" ? "failed_too_large" : "failed";
      const why = t(own ?? long);
      const next = own
        ? button(t("remove"), () => act.cancel(row.key))
        : button(t("again"), () => act.again(row.key));
      return make("div", "msg__foot", icon("warn"), why, next);
    }
    case "unsolved":
      return make("div", "msg__foot", t("unsolved"), button(t("ask"), act.ask));
    default:
      return null;
  }
}

/** Why a file is not taken, by the server's code. */
const WHY_NOT = {
  too_large: "failed_file_too_large",
  file_type: "failed_file_type",
  file_damaged: "failed_file_damaged",
  uploads_full: "failed_uploads_full",
  not_found: "failed_file_not_found",
};

const PICTURES = new Set(["png", "jpeg", "gif", "webp"]);
const MOST_PX = 240;

/** A picture by its small twin, which a press opens; anything else by its name, which a press saves. */
function drawFile(row, act) {
  const { file } = row;
  if (!PICTURES.has(file.kind)) {
    const card = make(
      "button",
      "file",
      icon("file", 20),
      make("span", "file__text", make("span", "file__name", file.name), sizeText(file.n_bytes)),
    );
    card.type = "button";
    card.setAttribute("aria-label", t("save_file", { name: file.name }));
    card.addEventListener("click", () => act.save(file));
    return card;
  }
  const scale = Math.min(1, MOST_PX / Math.max(file.width, file.height, 1));
  const image = document.createElement("img");
  image.alt = file.name;
  image.width = Math.max(24, Math.round((file.width || MOST_PX) * scale));
  image.height = Math.max(24, Math.round((file.height || MOST_PX / 2) * scale));
  const frame = make("button", "picture", image);
  frame.type = "button";
  frame.setAttribute("aria-label", t("look", { name: file.name }));
  // What cannot be drawn is shown by its name.
  image.onerror = () => {
    frame.className = "file";
    frame.replaceChildren(icon("image", 20), make("span", "file__name", file.name));
  };
  const load = () =>
    act.thumb(file).then(
      (url) => {
        image.src = url;
        frame.onclick = () => act.look(file);
      },
      () => {
        frame.title = t("picture_gone");
        frame.onclick = load;
      },
    );
  load();
  return frame;
}

/** `1.2 MB` */
export function sizeText(bytes) {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1_000)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** The questions to choose from, and a way out of them. */
function drawChoices(choices, act) {
  const group = make("div", "choices__group");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", t("choose"));
  for (const choice of choices) {
    const element = button(choice, () => act.choose(choice));
    element.className = "choice";
    group.append(element);
  }
  return make("li", "choices", group);
}

function button(text, press) {
  const element = make("button", "link", text);
  element.type = "button";
  element.addEventListener("click", press);
  return element;
}

/** A text as nodes. Addresses of the web become links in what the shop says, never in what the visitor says. */
function textParts(text, withLinks) {
  if (!withLinks) return [text];
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    parts.push(text.slice(end, match.index));
    const link = make("a", "", match[0]);
    link.href = match[0];
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    parts.push(link);
    end = match.index + match[0].length;
  }
  parts.push(text.slice(end));
  return parts.filter((part) => part !== "");
}
