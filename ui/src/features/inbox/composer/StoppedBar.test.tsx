import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { sampleData } from "@/platform/fixture";
import { asked, composer, openDesk, openRow, type } from "@/test/desk";

/** A reply that the server held back over the last two messages. */
async function heldBack() {
  const data = sampleData(Date.now());
  data.messages = data.messages.map((message) =>
    message.op_id ? { ...message, refused: "stale_reply" } : message,
  );
  const [op] = data.outbox;
  if (!op) throw new Error("no sample");
  data.stopped = [{ op_id: op.op_id, seen_seq: 46, missed: [47, 48] }];
  const fixture = await openDesk(data);
  await openRow(0);
  await screen.findByTestId("stopped-bar");
  return { fixture, op_id: op.op_id, id: data.rows[0]?.id ?? "" };
}
const send = () => {
  const button = screen.getByTestId("stopped-send");
  if (!(button instanceof HTMLButtonElement)) throw new Error("no button");
  return button;
};

describe("a reply that was held back", () => {
  it("is sent again only after a look at what came in", async () => {
    const { fixture, op_id } = await heldBack();
    const bar = screen.getByTestId("stopped-bar");
    expect(bar.textContent).toContain("对方又说了 2 句");
    expect(bar.textContent).toContain("收到，我马上查。");
    expect(send().disabled).toBe(true);
    expect(screen.queryByTestId("retry")).toBeNull();
    fireEvent.click(screen.getByTestId("stopped-look"));
    expect(screen.getByTestId("stopped-missed").children).toHaveLength(2);
    fireEvent.click(send());
    await waitFor(() => expect(screen.queryByTestId("stopped-bar")).toBeNull());
    expect(asked(fixture, "outbox.retry").map(({ args }) => args)).toEqual([
      { op_id, seen_seq: 48 },
    ]);
  });
  it("waits for another look when more came in after the first", async () => {
    const { fixture, op_id, id } = await heldBack();
    fireEvent.click(screen.getByTestId("stopped-look"));
    expect(send().disabled).toBe(false);
    const last = fixture.data.messages.find(({ seq }) => seq === 48);
    if (!last) throw new Error("no sample message");
    fixture.data.messages = [
      ...fixture.data.messages,
      { ...last, id: "new", seq: 49, text: "算了" },
    ];
    fixture.data.stopped = [{ op_id, seen_seq: 46, missed: [47, 48, 49] }];
    fixture.emit({ kind: "changed", tags: [{ tag: "conversation", id }] });
    await waitFor(() =>
      expect(screen.getByTestId("stopped-bar").textContent).toContain("对方又说了 3 句"),
    );
    expect(send().disabled).toBe(true);
  });
  it("goes back to the composer behind what is being written", async () => {
    await heldBack();
    type(await composer(), "另一句");
    fireEvent.click(screen.getByTestId("stopped-draft"));
    await waitFor(async () => expect((await composer()).value).toBe("另一句\n收到，我马上查。"));
    expect(screen.queryByTestId("stopped-bar")).toBeNull();
  });
});
