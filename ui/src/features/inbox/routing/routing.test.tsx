import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { asked, openDesk, openRow, type } from "@/test/desk";
import { useDesk } from "../store";
import { fieldText } from "./snoozes";

const key = (code: string, shiftKey = false) =>
  fireEvent.keyDown(window, { key: code.slice(-1).toLowerCase(), code, altKey: true, shiftKey });

beforeEach(() => useDesk.setState({ undo: null }));

/** A conversation that was given to another group. */
async function given() {
  const fixture = await openDesk();
  await openRow(0);
  key("KeyX");
  const [target] = await screen.findAllByTestId("transfer-target");
  if (!target) throw new Error("no group");
  fireEvent.click(target);
  fireEvent.click(screen.getByTestId("transfer-send"));
  await waitFor(() => expect(useDesk.getState().undo).not.toBeNull());
  return fixture;
}

describe("a conversation in hand", () => {
  it("is transferred to a group with a note, by keys alone", async () => {
    const fixture = await openDesk();
    await openRow(0);
    key("KeyX");
    const dialog = await screen.findByTestId("transfer-dialog");
    const groups = await within(dialog).findAllByTestId("transfer-target");
    expect(groups).toHaveLength(3);
    type(screen.getByTestId("transfer-find"), "售前");
    const [target] = within(dialog).getAllByTestId("transfer-target");
    if (!target) throw new Error("no group");
    expect(screen.getByTestId("transfer-send")).toHaveProperty("disabled", true);
    fireEvent.click(target);
    type(screen.getByTestId("transfer-note"), "要换大一号");
    fireEvent.keyDown(screen.getByTestId("transfer-note"), { key: "Enter", ctrlKey: true });
    await waitFor(() =>
      expect(asked(fixture, "conversation.transfer")).toMatchObject([
        {
          args: {
            to: { kind: "group", group_id: "0190f000-0000-7000-8000-000000000002" },
            note: "要换大一号",
          },
        },
      ]),
    );
    await waitFor(() => expect(screen.queryByTestId("transfer-dialog")).toBeNull());
  });
  it("is transferred once, however long the keys are held", async () => {
    const fixture = await openDesk();
    await openRow(0);
    key("KeyX");
    const [target] = await screen.findAllByTestId("transfer-target");
    if (!target) throw new Error("no group");
    fireEvent.click(target);
    const release = fixture.hold("conversation.transfer");
    for (let n = 0; n < 3; n += 1)
      fireEvent.keyDown(screen.getByTestId("transfer-note"), { key: "Enter", ctrlKey: true });
    release();
    await waitFor(() => expect(screen.queryByTestId("transfer-dialog")).toBeNull());
    expect(asked(fixture, "conversation.transfer")).toHaveLength(1);
  });
  it("goes to colleagues who take it, and to no others", async () => {
    await openDesk();
    await openRow(0);
    fireEvent.click(await screen.findByTestId("transfer"));
    const dialog = await screen.findByTestId("transfer-dialog");
    await within(dialog).findAllByTestId("transfer-target");
    fireEvent.click(screen.getByTestId("transfer-kind-agent"));
    const targets = within(dialog).getAllByTestId("transfer-target");
    expect(targets.map((each) => (each as HTMLInputElement).disabled)).toEqual([
      false,
      false,
      true,
    ]);
  });
  it.each([
    ["by key", () => key("KeyZ")],
    ["by the button", () => fireEvent.click(screen.getByTestId("take-back"))],
  ])("is taken back %s later on, while that may be", async (_, back) => {
    const fixture = await given();
    useDesk.setState({ undo: null });
    await screen.findByTestId("take-back");
    back();
    await waitFor(() => expect(asked(fixture, "conversation.take_back")).toHaveLength(1));
    expect(await screen.findByText("已拿回")).toBeTruthy();
    await waitFor(() => expect(screen.queryByTestId("take-back")).toBeNull());
  });
  it("that has left this desk is asked back, no more", async () => {
    const fixture = await given();
    fixture.data.routing.isFar = true;
    key("KeyZ");
    expect(await screen.findByText("已申请拿回，对方未接入时生效")).toBeTruthy();
  });
  it("is set aside, and taken up again", async () => {
    const fixture = await openDesk();
    await openRow(0);
    key("KeyE");
    const [first] = await screen.findAllByTestId("snooze-until-item");
    if (!first) throw new Error("no time");
    fireEvent.click(first);
    expect((await screen.findByTestId("standing")).textContent).toContain("挂起到");
    expect(asked(fixture, "conversation.snooze")).toHaveLength(1);
    key("KeyW", true);
    await waitFor(() => expect(asked(fixture, "conversation.wake")).toHaveLength(1));
    await waitFor(() => expect(screen.queryByTestId("standing")).toBeNull());
  });
  it("is set aside until any moment that is chosen, within ninety days", async () => {
    const fixture = await openDesk();
    await openRow(0);
    key("KeyE");
    const items = await screen.findAllByTestId("snooze-until-item");
    const last = items.at(-1);
    if (!last) throw new Error("no time");
    expect(last.textContent).toContain("自选时间");
    fireEvent.click(last);
    const field = await screen.findByTestId<HTMLInputElement>("snooze-moment-at");
    const go = screen.getByTestId<HTMLButtonElement>("snooze-moment-do");
    const days = (n: number) => fieldText(Date.now() + n * 86_400_000);
    for (const [text, said] of [
      [days(-1), "这个时间已经过了"],
      [days(91), "最多挂起 90 天"],
    ] as const) {
      fireEvent.change(field, { target: { value: text } });
      expect(screen.getByText(said)).toBeTruthy();
      expect(go.disabled).toBe(true);
    }
    const text = days(40);
    fireEvent.change(field, { target: { value: text } });
    fireEvent.click(go);
    await waitFor(() => expect(asked(fixture, "conversation.snooze")).toHaveLength(1));
    expect(asked(fixture, "conversation.snooze")[0]?.args).toMatchObject({
      until: new Date(text).getTime(),
    });
    expect(screen.queryByTestId("snooze-moment")).toBeNull();
  });
  it("says why it came to this agent", async () => {
    await openDesk();
    await openRow(0);
    const block = await screen.findByTestId("assigned");
    expect(block.textContent).toContain("为什么是我");
    expect(block.textContent).toContain("这位客户上次由您接待");
    expect(block.textContent).toContain("手上 3 个，上限 8 个");
  });
});
