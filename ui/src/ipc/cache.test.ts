import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it, vi } from "vitest";
import { handle, useTyping } from "./events";
import type { Tag } from "./generated/Tag";
import { hangsOn, keys } from "./keys";

const ALL = {
  session: keys.session,
  connection: keys.connection,
  inbox: keys.inbox({ scope: "mine", sort: "waiting" }),
  a: keys.conversation("a"),
  b: keys.conversation("b"),
  aOlder: keys.older("a", 41),
  aAssist: keys.assist("a"),
  bAssist: keys.assist("b"),
  faq: keys.faqSearch("退款"),
  search: keys.search("退款"),
  outbox: keys.outbox,
  settings: keys.settings,
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

describe("events", () => {
  const listeners = () => ({ onOpen: vi.fn(), onNotice: vi.fn() });
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
  it("carry connection and session themselves", () => {
    const client = new QueryClient();
    handle(
      client,
      { kind: "connection", state: "offline", pending: 2, refused: 0, since: 5, synced_at: null },
      listeners(),
    );
    handle(client, { kind: "session", phase: "locked", account: "wang" }, listeners());
    expect(client.getQueryData(keys.connection)).toEqual({
      state: "offline",
      pending: 2,
      refused: 0,
      since: 5,
      synced_at: null,
    });
    expect(client.getQueryData(keys.session)).toEqual({ phase: "locked", account: "wang" });
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
    expect(useTyping.getState().until.a).toBe(0);
  });
});
