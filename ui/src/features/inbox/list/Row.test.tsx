import { fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import type { ConversationRow } from "@/ipc/generated/ConversationRow";
import { sampleData } from "@/platform/fixture";
import { asked, openDesk } from "@/test/desk";
import { useDesk } from "../store";
import { useSelection } from "./selection";

beforeEach(() => {
  useSelection.getState().clear();
  useDesk.setState({ filter: null, undo: null });
  localStorage.clear();
});

/** The sample rows with the first one changed. */
const rows = (change: Partial<ConversationRow>) =>
  sampleData(Date.now()).rows.map((row, n) => (n === 0 ? { ...row, ...change } : row));
const offered = (is_me: boolean, ms: number) => ({
  offer: {
    name: "李娜",
    is_me,
    offered_at: Date.now() - 1_000,
    expires_at: Date.now() + ms,
  },
});

describe("a row of the list", () => {
  it("says to whom it is offered, and how long that stands", async () => {
    await openDesk({ rows: rows(offered(false, 25_500)) });
    const mark = await screen.findByTestId("offer-mark");
    expect(mark.textContent).toMatch(/^正派给李娜0:[12]\d$/);
  });
  it("says that it is offered to the agent at this desk", async () => {
    await openDesk({ rows: rows(offered(true, 25_500)) });
    expect((await screen.findByTestId("offer-mark")).textContent).toContain("派给您");
  });
  it("says nothing of an offer whose time is over", async () => {
    await openDesk({ rows: rows(offered(false, -2_000)) });
    await screen.findAllByTestId("conv-row");
    expect(screen.queryByTestId("offer-mark")).toBeNull();
  });
  it("says until when it is set aside", async () => {
    const at = new Date();
    at.setHours(23, 59, 0, 0);
    await openDesk({ rows: rows({ status: "snoozed", snoozed_until: at.getTime() }) });
    await screen.findByTestId("scope-snoozed");
    fireEvent.keyDown(window, { key: "4", code: "Digit4", altKey: true });
    await waitFor(async () =>
      expect((await screen.findAllByTestId("conv-row"))[0]?.textContent).toContain("延后到 23:59"),
    );
  });
});

describe("what was given away", () => {
  it("by many at once is taken back by key", async () => {
    const fixture = await openDesk();
    const [first] = await screen.findAllByTestId("conv-row");
    if (!first) throw new Error("no row");
    fireEvent.click(first);
    fireEvent.keyDown(window, { key: "j", code: "KeyJ", altKey: true });
    fireEvent.click(await screen.findByTestId("bulk-transfer"));
    const group = await screen.findByTestId<HTMLSelectElement>("bulk-group");
    await waitFor(() => expect(group.options.length).toBeGreaterThan(1));
    fireEvent.change(group, { target: { value: group.options[1]?.value } });
    fireEvent.click(screen.getByTestId("bulk-transfer-send"));
    await waitFor(() => expect(useDesk.getState().undo).not.toBeNull());
    fireEvent.keyDown(window, { key: "z", code: "KeyZ", altKey: true });
    await waitFor(() => expect(asked(fixture, "conversation.bulk")).toHaveLength(2));
    const [gave, took] = asked(fixture, "conversation.bulk");
    expect(gave).toMatchObject({ args: { act: { act: "transfer" } } });
    expect(took).toMatchObject({ args: { act: { act: "take_back" } } });
    const ids = [fixture.data.rows[0]?.id];
    expect([gave, took].map((each) => each?.args)).toMatchObject([{ ids }, { ids }]);
  });
});

describe("what went back while the agent was gone", () => {
  const returned = () => ({
    ...sampleData(Date.now()).routing,
    returned: [
      {
        id: sampleData(Date.now()).rows[0]?.id ?? "",
        number: "C-10293",
        at: Date.now() - 60_000,
        reason: "unreachable" as const,
      },
    ],
  });
  it("is said, opened from there, and said once", async () => {
    await openDesk({ routing: returned() });
    const hint = await screen.findByTestId("returned-hint");
    expect(hint.textContent).toContain("有 1 个等回复的会话");
    fireEvent.click(screen.getByTestId("returned-open"));
    await screen.findByTestId("conversation");
    fireEvent.click(screen.getByTestId("returned-seen"));
    await waitFor(() => expect(screen.queryByTestId("returned-hint")).toBeNull());
  });
});
