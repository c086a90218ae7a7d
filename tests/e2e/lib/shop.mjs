// The sample shop's customers: dialogues that can be played.
import { readFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./process.mjs";

/** All sample dialogues, in order: `{id, title, contact: {name}, turns: [{role, text, expect}]}`. */
export function dialogues() {
  const file = path.join(ROOT, "crates/lt-backoffice/sample-shop/dialogues.jsonl");
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line));
}

/** What one side says in a dialogue. */
export const saidBy = (role, dialogue) =>
  dialogue.turns.filter((turn) => turn.role === role).map((turn) => turn.text);
