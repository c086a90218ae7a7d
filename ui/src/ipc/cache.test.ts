import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { describe, expect, it, vi } from "vitest";
import { sampleData } from "@/platform/fixture";
import { makeClient } from "./client";
import { handle, useTyping } from "./events";
import type { InboxPage } from "./generated/InboxPage";
import type { Tag } from "./generated/Tag";
import { hangsOn, keys } from "./keys";
import { carried, spread } from "./queries";

const ALL = {
  session: keys.session,
  connection: keys.connection,
  inbox: keys.inbox({ scope: "mine", sort: "waiting", offset: 0, limit: 100 }),
  a: keys.conversation("a"),
  b: keys.conversation("b"),
  aOlder: keys.page({ conversation_id: "a", place: { kind: "before", seq: 41 }, limit: 50 }),
  aAssist: keys.assist("a"),
  bAssist: keys.assist("b"),
  faq: keys.faqSearch("退款"),
  search: keys.search("退款"),
  outbox: keys.outbox,
  settings: keys.settings,
  // Asked for by the clock: nothing that changes asks for it again.
  load: keys.agentLoad(null),
};
const check = (tag: Tag, expected: (keyof typeof ALL)[]) => {
  const hit = Object.entries(ALL)
    .filter(([, key]) => hangsOn(key, tag))
    .map(([name]) => name);
  expect(hit.sort()).toEqual([...expected].sort());
};

describe("tags", () => {
  it("name exactly what hangs on them", () => {
    check({ tag: "inbox" }, ["inbox", "search"]);
    check({ tag: "conversation", id: "a" }, ["a", "aAssist", "search"]);
    check({ tag: "faq" }, ["aAssist", "bAssist", "faq", "search"]);
    check({ tag: "outbox" }, ["outbox"]);
    check({ tag: "settings" }, ["settings"]);
  });
});

/** A promise, and what settles it. */
function later<T>() {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

describe("events", () => {
  const listeners = () => ({
    onOpen: vi.fn(),
    onOpenTicket: vi.fn(),
    onOpenAlert: vi.fn(),
    onAlert: vi.fn(),
    onNotice: vi.fn(),
    onTicket: vi.fn(),
  });
  it("make changed things stale and leave the rest", () => {
    const client = new QueryClient();
    for (const key of Object.values(ALL)) client.setQueryData(key, {});
    handle(
      client,
      { kind: "changed", tags: [{ tag: "outbox" }, { tag: "conversation", id: "b" }] },
      listeners(),
    );
    const stale = Object.entries(ALL)
      .filter(([, key]) => client.getQueryState(key)?.isInvalidated)
      .map(([name]) => name);
    expect(stale.sort()).toEqual(["b", "bAssist", "outbox", "search"].sort());
  });
  it("make a first answer be asked for again that was under way", async () => {
    const client = makeClient();
    const answers = ["before", "after"];
    const slow = later<void>();
    const observer = new QueryObserver(client, {
      queryKey: keys.conversation("a"),
      queryFn: async () => {
        const answer = answers.shift();
        await slow.promise;
        return answer;
      },
    });
    const stop = observer.subscribe(() => undefined);
    handle(client, { kind: "changed", tags: [{ tag: "conversation", id: "a" }] }, listeners());
    slow.resolve();
    await vi.waitFor(() => expect(client.getQueryData(keys.conversation("a"))).toBe("after"), {
      timeout: 5_000,
    });
    stop();
  });
  it("are newer than an answer that was under way", async () => {
    const client = makeClient();
    const slow = later<object>();
    const asked = client.fetchQuery(carried(keys.connection, () => slow.promise));
    const now = {
      state: "online",
      pending: 0,
      refused: 0,
      conflicts: 0,
      since: 6,
      synced_at: 6,
      fetching: null,
    } as const;
    handle(client, { kind: "connection", ...now }, listeners());
    slow.resolve({ ...now, state: "syncing", since: 5, synced_at: null });
    await asked;
    expect(client.getQueryData(keys.connection)).toEqual(now);
  });
  it("carry connection and session themselves", () => {
    const client = new QueryClient();
    handle(
      client,
      {
        kind: "connection",
        state: "offline",
        pending: 2,
        refused: 0,
        conflicts: 0,
        since: 5,
        synced_at: null,
        fetching: null,
      },
      listeners(),
    );
    const locked = {
      phase: "locked" as const,
      account: "wang",
      by_passphrase: true,
      by_server: null,
    };
    handle(client, { kind: "session", ...locked }, listeners());
    expect(client.getQueryData(keys.connection)).toEqual({
      state: "offline",
      pending: 2,
      refused: 0,
      conflicts: 0,
      since: 5,
      synced_at: null,
      fetching: null,
    });
    expect(client.getQueryData(keys.session)).toEqual(locked);
  });
  it("hand on notices and clicks, and believe typing for six seconds or until something comes", () => {
    const heard = listeners();
    handle(new QueryClient(), { kind: "open", conversation_id: "a" }, heard);
    handle(new QueryClient(), { kind: "notice", code: "index_rebuilt" }, heard);
    const before = Date.now();
    handle(new QueryClient(), { kind: "customer_typing", conversation_id: "a" }, heard);
    expect(heard.onOpen).toHaveBeenCalledWith("a");
    expect(heard.onNotice).toHaveBeenCalledWith("index_rebuilt");
    expect(useTyping.getState().until.a).toBeGreaterThanOrEqual(before + 6_000);
    handle(new QueryClient(), { kind: "changed", tags: [{ tag: "conversation", id: "a" }] }, heard);
    expect(useTyping.getState().until.a).toBeUndefined();
  });
});

describe("windows of a list", () => {
  const [row] = sampleData(0).rows;
  const page = (offset: number, n: number): InboxPage => ({
    offset,
    total: 0,
    rows: row ? Array.from({ length: n }, (_, at) => ({ ...row, id: `r${offset + at}` })) : [],
    counts: { mine: 0, queue: 0, all: 0, snoozed: 0, resolved: 0, unread: 0 },
  });
  it("lie at their places, with holes between them, and end with the list", () => {
    const rows = spread([page(2, 2), page(6, 3)], 8).map((each) => each?.id);
    expect(rows).toEqual([undefined, undefined, "r2", "r3", undefined, undefined, "r6", "r7"]);
  });
});
