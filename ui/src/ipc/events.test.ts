import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { handle, useColleaguesHere, useTyping } from "./events";
import type { ConversationId } from "./generated/ConversationId";
import type { Tag } from "./generated/Tag";

const nobody = {
  onOpen: () => {},
  onOpenTicket: () => {},
  onOpenAlert: () => {},
  onAlert: () => {},
  onNotice: () => {},
  onTicket: () => {},
};
const id = (n: number) =>
  `00000000-0000-0000-0000-${String(n).padStart(12, "0")}` as ConversationId;

test("a first sync of many conversations leaves nothing about typing", () => {
  const client = new QueryClient();
  const tags: Tag[] = Array.from({ length: 5_000 }, (_, n) => ({ tag: "conversation", id: id(n) }));
  const before = useTyping.getState();
  handle(client, { kind: "changed", tags }, nobody);
  expect(useTyping.getState()).toBe(before);
  handle(client, { kind: "customer_typing", conversation_id: id(3) }, nobody);
  expect(Object.keys(useTyping.getState().until)).toEqual([id(3)]);
  handle(client, { kind: "changed", tags }, nobody);
  expect(useTyping.getState().until).toEqual({});
});

test("a conversation that every colleague has left is forgotten", () => {
  const { note } = useColleaguesHere.getState();
  note(id(1), "李娜", "viewing", 1_000);
  note(id(1), "王芳", "typing", 1_000);
  note(id(1), "李娜", "gone", 2_000);
  expect(Object.keys(useColleaguesHere.getState().seen[id(1)] ?? {})).toEqual(["王芳"]);
  note(id(1), "王芳", "gone", 3_000);
  expect(useColleaguesHere.getState().seen).toEqual({});
});
