import { describe, expect, it } from "vitest";
import type { MessageView } from "@/ipc/generated/MessageView";
import { merge, oldestSeq, prepend, timeline } from "./timeline";

const NOON = new Date(2026, 10, 23, 12).getTime();
const message = (seq: number, change: Partial<MessageView> = {}): MessageView => ({
  id: `m${seq}`,
  seq,
  author: "customer",
  author_name: "",
  text: `t${seq}`,
  masked: [],
  event: null,
  source: null,
  delivery: "sent",
  op_id: null,
  refused: null,
  at: NOON + seq * 1_000,
  ...change,
});
const pending = (id: string) => message(0, { id, author: "me", delivery: "pending" });
const run = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => message(from + at));
const seqs = (messages: MessageView[]) => messages.map(({ seq, id }) => (seq === 0 ? id : seq));

describe("timeline", () => {
  const kinds = (messages: MessageView[]) =>
    timeline(messages).map((item) =>
      item.kind === "day" || item.kind === "whisper"
        ? item.kind
        : `${item.kind}:${item.messages.length}`,
    );
  it("groups by sender and puts events on one line", () =>
    expect(
      kinds([
        message(1),
        message(2),
        message(3, { author: "me" }),
        message(4, { author: "system", event: { event: "claimed", agent: "王晓彤" } }),
        message(5, { author: "system", event: { event: "reopened" } }),
        message(6),
      ]),
    ).toEqual(["day", "group:2", "group:1", "events:2", "group:1"]));
  it("begins anew after a while, a new day, or for each answer of the bot", () => {
    expect(kinds([message(1), message(2, { at: NOON + 10 * 60_000 })])).toEqual([
      "day",
      "group:1",
      "group:1",
    ]);
    expect(kinds([message(1), message(2, { at: NOON + 24 * 3_600_000 })])).toEqual([
      "day",
      "group:1",
      "day",
      "group:1",
    ]);
    expect(kinds([message(1, { author: "bot" }), message(2, { author: "bot" })])).toEqual([
      "day",
      "group:1",
      "group:1",
    ]);
  });
  it("keeps colleagues apart", () =>
    expect(
      kinds([
        message(1, { author: "colleague", author_name: "李娜" }),
        message(2, { author: "colleague", author_name: "周磊" }),
      ]),
    ).toEqual(["day", "group:1", "group:1"]));
});

describe("merge", () => {
  it("keeps what scrolled out of the latest page", () =>
    expect(seqs(merge(run(1, 10), run(6, 12)))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]));
  it("takes the newer form of a message", () =>
    expect(merge([message(1)], [message(1, { delivery: "read" })])[0]?.delivery).toBe("read"));
  it("shows only the page when there is a hole before it", () =>
    expect(seqs(merge(run(1, 5), run(9, 12)))).toEqual([9, 10, 11, 12]));
  it("takes pending messages from the page alone, last", () => {
    expect(seqs(merge([...run(1, 2), pending("p1")], [...run(1, 3), pending("p2")]))).toEqual([
      1,
      2,
      3,
      "p2",
    ]);
    expect(seqs(merge(run(1, 2), [pending("p1")]))).toEqual([1, 2, "p1"]);
  });
  it("puts an older page in front, once", () => {
    expect(seqs(prepend(run(5, 6), run(3, 5)))).toEqual([3, 4, 5, 6]);
    expect(oldestSeq(prepend([], run(3, 4)))).toBe(3);
  });
});
