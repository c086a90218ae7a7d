import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { sampleData } from "@/platform/fixture";
import { asked, openDesk, openRow } from "@/test/desk";

async function panel(change?: Parameters<typeof openDesk>[0]) {
  const fixture = await openDesk(change);
  await openRow(0);
  fireEvent.click(await screen.findByTestId("assist-contact"));
  return fixture;
}

describe("the customer panel", () => {
  it("shows what other systems know with its time, and what is old as old", async () => {
    await panel();
    const [parcel, order] = await screen.findAllByTestId("sheet");
    expect(parcel?.textContent).toContain("正在运输途中");
    expect(parcel?.dataset.stale).toBeUndefined();
    expect(order?.dataset.stale).toBe("true");
    expect(order?.textContent).toMatch(/截至 /);
  });
  it("is asked again by hand, and follows the answer when it comes", async () => {
    const fixture = await panel();
    fireEvent.click(await screen.findByTestId("sheets-refresh"));
    await waitFor(() => expect(asked(fixture, "customer.refresh")).toHaveLength(1));
    const before = asked(fixture, "customer.get").length;
    fixture.emit({
      kind: "changed",
      tags: [{ tag: "customer", id: fixture.data.rows[0]?.id ?? "" }],
    });
    await waitFor(() => expect(asked(fixture, "customer.get").length).toBe(before + 1));
  });
  it("leads to earlier conversations", async () => {
    const fixture = await panel();
    const [first] = await screen.findAllByTestId("earlier-row");
    if (!first) throw new Error("no earlier conversation");
    fireEvent.click(first);
    await waitFor(() =>
      expect(screen.getByTestId("conversation").dataset.id).toBe(fixture.data.rows[1]?.id),
    );
  });
  it.each([
    ["some more", 25, 25, null],
    ["more than are listed", 30, 57, "只列最近 30 个"],
  ])("lists earlier conversations to the end: %s", async (_, n, n_earlier, said) => {
    const { customer, rows } = sampleData(Date.now());
    const [row] = rows;
    if (!row) throw new Error("no sample");
    const { number, channel, status, category, last_text, last_at: at } = row;
    const earlier = Array.from({ length: n }, (__, of) => ({
      ...{ id: `earlier-${of}`, number, channel, status, category, last_text, at },
    }));
    await panel({ customer: { ...customer, earlier, n_earlier } });
    expect(await screen.findAllByTestId("earlier-row")).toHaveLength(20);
    expect(screen.queryByText(/只列最近/)).toBeNull();
    fireEvent.click(screen.getByTestId("earlier-all"));
    expect(screen.getAllByTestId("earlier-row")).toHaveLength(n);
    expect(screen.queryByText(/只列最近/)?.textContent ?? null).toBe(said);
  });
  it("says that systems could not be asked, and goes on", async () => {
    await panel({ customer: { sheets: [], asking: false, asked_at: null, failed: true } });
    expect((await screen.findByTestId("sheets")).textContent).toContain("还没能查到");
    expect(screen.getByTestId("earlier")).toBeTruthy();
  });
});
