import { fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import type { TicketRow } from "@/ipc/generated/TicketRow";
import { sampleData } from "@/platform/fixture";
import { asked, openDesk } from "@/test/desk";
import { useDesk } from "./store";
import { laid } from "./useColumns";

const first = useDesk.getState();
beforeEach(() => useDesk.setState(first, true));

const many = (n: number): TicketRow[] => {
  const [sample] = sampleData(Date.now()).tickets.rows;
  if (!sample) throw new Error("no sample");
  return Array.from({ length: n }, (_, at) => ({
    ...sample,
    id: `0190f200-0000-7000-8000-${String(at).padStart(12, "0")}`,
    number: `T-${String(at).padStart(5, "0")}`,
  }));
};

it("rows stand at their places, and between them are holes", () => {
  const [a, b] = many(2);
  if (!a || !b) throw new Error("too few");
  const rows = laid(5, [
    { offset: 0, rows: [a] },
    { offset: 3, rows: [b] },
  ]);
  expect(rows.map((row) => row?.number)).toEqual([
    "T-00000",
    undefined,
    undefined,
    "T-00001",
    undefined,
  ]);
});

it("a column with more cards than fit at once leads to its last one, and asks for those in sight alone", async () => {
  const { tickets } = sampleData(Date.now());
  const fixture = await openDesk({ tickets: { ...tickets, rows: many(1_234) } });
  fireEvent.click(await screen.findByTestId("room-tickets"));
  await screen.findAllByTestId("ticket-board-card");
  expect(screen.getByTestId("column-new").textContent).toContain("1,234");
  const board = screen.getByTestId("ticket-board");
  fireEvent.keyDown(board, { key: "ArrowDown" });
  fireEvent.keyDown(board, { key: "End" });
  useDesk.setState({ sight: { new: { from: 1_225, to: 1_233 } } });
  await waitFor(() =>
    expect(asked(fixture, "ticket.list").at(-1)?.args).toMatchObject({
      offset: 1_200,
      limit: 100,
      filter: { states: ["new"] },
    }),
  );
  // The keys wait for the card, and stand on it when it is known.
  await waitFor(() =>
    expect(useDesk.getState().active).toBe("0190f200-0000-7000-8000-000000001233"),
  );
  const windows = asked(fixture, "ticket.list").filter(({ args }) =>
    JSON.stringify(args).includes('"limit":100'),
  );
  expect(windows.length).toBeLessThan(4);
});
