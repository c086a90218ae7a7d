import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { makeFixture } from "@/platform/fixture";
import { somePeople } from "@/platform/fixture-people";
import { useRoutes } from "@/routes";
import { asked, openDesk, openRow, type } from "@/test/desk";
import { useComposing } from "./store";

beforeEach(() => useComposing.setState({ along: {} }));

const watching = () => ({
  ...somePeople(),
  supervise: { watches: true, may_whisper: true, may_answer: false },
});

describe("a whisper", () => {
  it("is written by key, looks like nothing else, and goes nowhere near the reply", async () => {
    const fixture = await openDesk();
    const reply = await openRow(0);
    type(reply, "还没写完的回复");
    fireEvent.keyDown(window, { key: "H", code: "KeyH", ctrlKey: true, shiftKey: true });
    const box = await screen.findByTestId("whisper");
    expect((box as HTMLTextAreaElement).value).toBe("");
    type(box, "这位客户我搞不定");
    fireEvent.keyDown(box, { key: "Enter" });
    const said = await screen.findByTestId("message-whisper");
    expect(said.textContent).toBe("这位客户我搞不定");
    expect(asked(fixture, "whisper.send")).toHaveLength(1);
    expect(asked(fixture, "message.send")).toHaveLength(0);
    expect(asked(fixture, "note.add")).toHaveLength(0);
    fireEvent.keyDown(box, { key: "Escape" });
    const back = await screen.findByTestId("composer");
    expect((back as HTMLTextAreaElement).value).toBe("还没写完的回复");
  });
  it("is kept while it is written, and gone once it is said", async () => {
    const people = { ...somePeople(), whisper_draft: "昨天写到一半" };
    const fixture = await openDesk({ people });
    await openRow(0);
    fireEvent.keyDown(window, { key: "H", code: "KeyH", ctrlKey: true, shiftKey: true });
    const box = (await screen.findByTestId("whisper")) as HTMLTextAreaElement;
    expect(box.value).toBe("昨天写到一半");
    type(box, "昨天写到一半，今天写完");
    fireEvent.keyDown(box, { key: "Escape" });
    await waitFor(() =>
      expect(asked(fixture, "whisper.draft").at(-1)?.args).toMatchObject({
        text: "昨天写到一半，今天写完",
      }),
    );
    fireEvent.keyDown(window, { key: "H", code: "KeyH", ctrlKey: true, shiftKey: true });
    const again = (await screen.findByTestId("whisper")) as HTMLTextAreaElement;
    expect(again.value).toBe("昨天写到一半，今天写完");
    type(again, "写完了");
    fireEvent.keyDown(again, { key: "Enter" });
    await screen.findByTestId("message-whisper");
    await waitFor(() => expect(again.value).toBe(""));
    fireEvent.keyDown(again, { key: "Escape" });
    await screen.findByTestId("composer");
    expect(fixture.data.people.whisper_draft).toBe("");
  });
  it("stands where it was said", async () => {
    const people = somePeople();
    const fixture = await openDesk({ people });
    const seqs = fixture.data.messages.map(({ seq }) => seq).filter((seq) => seq > 0);
    const middle = seqs[Math.floor(seqs.length / 2)] ?? 0;
    fixture.data.people.whispers = [
      {
        id: "w1",
        author: "刘敏",
        is_mine: false,
        to_leads: false,
        to: "王晓彤",
        text: "先安抚",
        after_seq: middle,
        at: Date.now(),
        pending: true,
        op_id: "o1",
        refused: null,
      },
    ];
    await openRow(0);
    const log = await screen.findByTestId("messages");
    const all = within(log).getAllByRole("article");
    const at = all.findIndex((each) => each.dataset.testid === "message-whisper");
    const before = all.slice(0, at).map((each) => Number(each.dataset.seq ?? 0));
    const after = all.slice(at + 1).map((each) => Number(each.dataset.seq ?? Infinity));
    expect(Math.max(...before)).toBeLessThanOrEqual(middle);
    expect(Math.min(...after)).toBeGreaterThan(middle);
    expect(log.textContent).toContain("刘敏 说给王晓彤");
  });
});

describe("a lead who looks on", () => {
  it("reads, and takes over or whispers, but does not reply", async () => {
    const [first, ...others] = makeFixture().data.rows;
    if (!first) throw new Error("no row");
    const held = { ...first, handler: { kind: "colleague" as const, name: "李娜" } };
    await openDesk({ people: watching(), rows: [held, ...others] });
    act(() => useRoutes.getState().openConversation(first.id));
    const bar = await screen.findByTestId("observing");
    expect(bar.textContent).toContain("李娜正在接待");
    expect(screen.queryByTestId("composer")).toBeNull();
    fireEvent.click(within(screen.getByTestId("mode")).getByText("悄悄话"));
    expect(await screen.findByTestId("whisper")).toBeTruthy();
  });
  it("is named to the agent who has it", async () => {
    const fixture = await openDesk();
    await openRow(0);
    const conversation_id = fixture.data.rows[0]?.id ?? "";
    fixture.emit({
      kind: "colleague",
      conversation_id,
      name: "刘敏",
      is_lead: true,
      doing: "viewing",
    });
    await waitFor(() =>
      expect(screen.getByTestId("colleagues").textContent).toBe("班组长刘敏正在旁观"),
    );
  });
});
