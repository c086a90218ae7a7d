import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import { sampleData } from "@/platform/fixture";
import { asked, openDesk, type } from "@/test/desk";
import { useDesk } from "./store";

const first = useDesk.getState();
beforeEach(() => useDesk.setState(first, true));

it("a note names colleagues who see the ticket, and says whom it tells", async () => {
  const fixture = await openDesk();
  fireEvent.click(await screen.findByTestId("room-tickets"));
  const [card] = await screen.findAllByTestId("ticket-board-card");
  if (!card) throw new Error("no card");
  fireEvent.click(card);
  const note = await screen.findByTestId<HTMLTextAreaElement>("ticket-note");
  act(() => note.focus());
  await waitFor(() => expect(asked(fixture, "ticket.colleagues")).toHaveLength(1));
  type(note, "请@赵");
  expect((await screen.findByTestId("mention")).textContent).toContain("赵海");
  fireEvent.keyDown(note, { key: "Enter" });
  expect(note.value).toBe("请@赵海 ");
  expect(screen.getByText("会通知 赵海")).toBeTruthy();
  fireEvent.keyDown(note, { key: "Enter", ctrlKey: true });
  await waitFor(() => expect(asked(fixture, "ticket.comment")).toHaveLength(1));
  expect(asked(fixture, "ticket.comment")[0]?.args).toMatchObject({
    text: "请@赵海",
    mentions: ["0190d000-0000-7000-8000-000000000003"],
  });
});

it("a note that is not saved yet is there again when the ticket is opened again", async () => {
  const fixture = await openDesk();
  fireEvent.click(await screen.findByTestId("room-tickets"));
  const note = () => screen.findByTestId<HTMLTextAreaElement>("ticket-note");
  const open = async (n: number) => {
    const card = (await screen.findAllByTestId("ticket-board-card"))[n];
    if (!card) throw new Error("no card");
    const number = card.textContent?.match(/T-\d+/)?.[0] ?? "";
    fireEvent.click(card);
    await waitFor(() => expect(screen.getByTestId("ticket-number").textContent).toBe(number));
    return note();
  };
  type(await open(0), "流水对不上，等财务 @赵海 ");
  expect((await open(1)).value).toBe("");
  fireEvent.click(screen.getByTestId("room-inbox"));
  fireEvent.click(await screen.findByTestId("room-tickets"));
  const again = await open(0);
  expect(again.value).toBe("流水对不上，等财务 @赵海 ");
  expect(await screen.findByText("会通知 赵海")).toBeTruthy();
  fireEvent.keyDown(again, { key: "Enter", ctrlKey: true });
  await waitFor(() => expect(again.value).toBe(""));
  expect(asked(fixture, "ticket.comment")[0]?.args).toMatchObject({
    text: "流水对不上，等财务 @赵海",
    mentions: ["0190d000-0000-7000-8000-000000000003"],
  });
});

it("a ticket with a note that names the agent is marked until it is looked at", async () => {
  const { tickets } = sampleData(Date.now());
  const rows = tickets.rows.map((row) =>
    row.number === "T-00830" ? { ...row, mentioned: true } : row,
  );
  const fixture = await openDesk({ tickets: { ...tickets, rows } });
  fireEvent.click(await screen.findByTestId("room-tickets"));
  fireEvent.click(await screen.findByText("提到我的"));
  const mark = await screen.findByTestId("ticket-mentioned");
  fireEvent.click(mark);
  await waitFor(() => expect(asked(fixture, "ticket.seen")).toHaveLength(1));
  await waitFor(() => expect(screen.queryByTestId("ticket-mentioned")).toBeNull());
});
