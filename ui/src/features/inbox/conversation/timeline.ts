import type { AuthorKind } from "@/ipc/generated/AuthorKind";
import type { MessageView } from "@/ipc/generated/MessageView";
import type { WhisperView } from "@/ipc/generated/WhisperView";
import { daysAgo } from "@/lib/time";

/** A sender's messages stand together for this long. */
const TOGETHER_MS = 5 * 60_000;

export type Item =
  | { kind: "day"; key: string; at: number }
  | { kind: "events"; key: string; messages: MessageView[] }
  | { kind: "whisper"; key: string; whisper: WhisperView }
  | {
      kind: "group";
      key: string;
      author: AuthorKind;
      name: string;
      /** Whether they are notes to colleagues. */
      note: boolean;
      at: number;
      messages: MessageView[];
    };

/**
 * Messages by day, then by sender; events that follow each other share a line. Oldest first. Whispers
 * stand after the message that was the last one when they were said.
 */
export function timeline(
  messages: readonly MessageView[],
  whispers: readonly WhisperView[] = [],
): Item[] {
  const items: Item[] = [];
  let said = 0;
  const whisper = (isBefore: (whisper: WhisperView) => boolean) => {
    for (let next = whispers[said]; next && isBefore(next); next = whispers[said]) {
      items.push({ kind: "whisper", key: `w-${next.id}`, whisper: next });
      said += 1;
    }
  };
  let before: MessageView | undefined;
  for (const message of messages) {
    const { seq } = message;
    if (seq > 0) whisper(({ after_seq }) => after_seq < seq);
    if (!before || daysAgo(before.at, message.at) !== 0)
      items.push({ kind: "day", key: `day-${message.id}`, at: message.at });
    const last = items.at(-1);
    if (message.event) {
      if (last?.kind === "events") last.messages.push(message);
      else items.push({ kind: "events", key: message.id, messages: [message] });
    } else if (
      last?.kind === "group" &&
      last.author === message.author &&
      last.name === message.author_name &&
      last.note === (message.note !== undefined) &&
      message.author !== "bot" &&
      before &&
      message.at - before.at < TOGETHER_MS
    ) {
      last.messages.push(message);
    } else {
      items.push({
        kind: "group",
        key: message.id,
        author: message.author,
        name: message.author_name,
        note: message.note !== undefined,
        at: message.at,
        messages: [message],
      });
    }
    before = message;
  }
  whisper(() => true);
  return items;
}

const settled = (messages: readonly MessageView[]) => messages.filter(({ seq }) => seq > 0);

/** The oldest position among messages, 0 when there is none. */
export const oldestSeq = (messages: readonly MessageView[]): number =>
  settled(messages)[0]?.seq ?? 0;

/** The newest position among messages, 0 when there is none. */
export const newestSeq = (messages: readonly MessageView[]): number =>
  settled(messages).at(-1)?.seq ?? 0;

/**
 * Lays newer messages over those that are on the screen. What scrolled out of the latest page stays,
 * unless the page starts past a hole: then only the page is shown, and older ones are fetched again.
 * Pending messages come from the page alone, last.
 */
export function merge(kept: readonly MessageView[], page: readonly MessageView[]): MessageView[] {
  const fresh = settled(page);
  const pending = page.filter(({ seq }) => seq === 0);
  const first = fresh[0]?.seq;
  const last = fresh.at(-1)?.seq;
  if (first === undefined || last === undefined) return [...settled(kept), ...pending];
  const before = settled(kept).filter(({ seq }) => seq < first);
  const after = settled(kept).filter(({ seq }) => seq > last);
  const whole = before.length === 0 || before.at(-1)?.seq === first - 1;
  return [...(whole ? before : []), ...fresh, ...after, ...pending];
}

/** Puts an older page in front. */
export function prepend(kept: readonly MessageView[], page: readonly MessageView[]): MessageView[] {
  const first = oldestSeq(kept);
  return [...page.filter(({ seq }) => first === 0 || seq < first), ...kept];
}

/** Puts a newer page behind. */
export function append(kept: readonly MessageView[], page: readonly MessageView[]): MessageView[] {
  const last = newestSeq(kept);
  return [...settled(kept), ...page.filter(({ seq }) => seq > last)];
}

/** No more than so many: those of the end that is read stay. */
export function atMost(
  messages: MessageView[],
  most: number,
  keep: "oldest" | "newest",
): MessageView[] {
  if (messages.length <= most) return messages;
  return keep === "oldest" ? messages.slice(0, most) : messages.slice(-most);
}
