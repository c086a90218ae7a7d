import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
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
  it("says that systems could not be asked, and goes on", async () => {
    await panel({ customer: { sheets: [], asking: false, asked_at: null, failed: true } });
    expect((await screen.findByTestId("sheets")).textContent).toContain("还没能查到");
    expect(screen.getByTestId("earlier")).toBeTruthy();
  });
});
