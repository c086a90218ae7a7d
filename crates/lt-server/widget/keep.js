// What the browser keeps for one inbox: the visitor's token, how far was read, and every message
// that the server has not confirmed. Where storage is blocked, it lasts as long as the page.

/** Opens the drawer of an inbox. */
export function openKeep(inbox, storage = pickStorage()) {
  const read = (name, fallback) => {
    try {
      const text = storage.getItem(`lingtai:${inbox}:${name}`);
      return text === null ? fallback : JSON.parse(text);
    } catch {
      return fallback;
    }
  };
  const write = (name, value) => {
    try {
      storage.setItem(`lingtai:${inbox}:${name}`, JSON.stringify(value));
    } catch {
      // A full or blocked storage must not stop the chat; the page still has the value.
    }
  };
  return {
    token: () => asText(read("token", "")),
    setToken: (token) => write("token", token),
    readSeq: () => Number(read("read", 0)) || 0,
    setReadSeq: (seq) => write("read", seq),
    draft: () => asText(read("draft", "")),
    setDraft: (text) => write("draft", text),
    /** What is kept of the question for a mark that was shown last. */
    survey: () => asObject(read("survey", {})),
    setSurvey: (survey) => write("survey", survey),
    outbox: () => asOutbox(read("outbox", [])),
    /** Adds a message. What another tab added meanwhile stays. */
    put: (item) => write("outbox", [...without(asOutbox(read("outbox", [])), item.id), item]),
    drop: (id) => write("outbox", without(asOutbox(read("outbox", [])), id)),
  };
}

const asObject = (value) => (typeof value === "object" && value !== null ? value : {});
const asText = (value) => (typeof value === "string" ? value : "");

function asOutbox(value) {
  if (!Array.isArray(value)) return [];
  return value.filter((item) => typeof item?.id === "string" && typeof item?.text === "string");
}

function without(items, id) {
  return items.filter((item) => item.id !== id);
}

function pickStorage() {
  try {
    const storage = globalThis.localStorage;
    storage.setItem("lingtai:probe", "1");
    storage.removeItem("lingtai:probe");
    return storage;
  } catch {
    const kept = new Map();
    return {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    };
  }
}

/** A UUIDv7: made once per message, so that a repeated send is stored once. */
export function newId(now = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let index = 0; index < 6; index += 1) {
    bytes[index] = Math.floor(now / 2 ** (8 * (5 - index))) % 256;
  }
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join("-");
}
