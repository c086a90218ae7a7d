import { fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { OfferView } from "@/ipc/generated/OfferView";
import type { Fixture } from "@/platform/fixture";
import { asked, openDesk } from "@/test/desk";

const key = (code: string, shiftKey = false) =>
  fireEvent.keyDown(window, { key: code.slice(-1).toLowerCase(), code, altKey: true, shiftKey });

afterEach(() => void vi.restoreAllMocks());

/** A window that is drawn, so that what is offered in it is offered from then on. */
async function drawn(): Promise<Fixture> {
  const fixture = await openDesk();
  await screen.findByTestId("conv-list");
  return fixture;
}

/** Offers the first waiting conversation to the agent. */
function offer(fixture: Fixture, change: Partial<OfferView> = {}): string {
  const row = fixture.data.rows.find(({ handler }) => handler.kind === "queue");
  if (!row) throw new Error("nothing waits");
  const now = Date.now();
  fixture.data.routing.offers = [
    {
      row,
      group: "售后一组",
      intent: "",
      slots: [],
      note: "",
      offered_at: now,
      expires_at: now + 30_000,
      reason: "auto",
      why: [
        { kind: "skill", name: "售后", level: 80 },
        { kind: "load", held: 2, capacity: 8 },
      ],
      ...change,
    },
  ];
  fixture.emit({ kind: "changed", tags: [{ tag: "inbox" }] });
  return row.id;
}

describe("an offer", () => {
  it("is shown over the room with the time left and why, and is taken by key", async () => {
    const fixture = await drawn();
    // Late in a second: the window's own clock still stands at its beginning.
    vi.spyOn(Date, "now").mockReturnValue(Math.floor(Date.now() / 1_000) * 1_000 + 950);
    const id = offer(fixture);
    const card = await screen.findByTestId("offer");
    expect(card.dataset.id).toBe(id);
    expect(screen.getByTestId("offer-why").textContent).toContain("售后技能 80 分");
    expect(screen.getByTestId("offer-left").textContent).toBe("0:30");
    key("KeyY");
    await waitFor(() => expect(asked(fixture, "conversation.claim")).toHaveLength(1));
    await waitFor(() => expect(screen.queryByTestId("offer")).toBeNull());
    expect((await screen.findByTestId("conversation")).dataset.id).toBe(id);
  });
  it("is declined by key", async () => {
    const fixture = await drawn();
    const id = offer(fixture, {
      reason: "transfer",
      note: "要换货",
      why: [{ kind: "transferred", by: "李娜" }],
    });
    await screen.findByTestId("offer");
    expect(screen.getByTestId("offer-note").textContent).toContain("要换货");
    expect(screen.getByTestId("offer-why").textContent).toContain("李娜转给您");
    key("KeyY", true);
    await waitFor(() =>
      expect(asked(fixture, "conversation.decline")).toMatchObject([
        { args: { conversation_id: id } },
      ]),
    );
    await waitFor(() => expect(screen.queryByTestId("offer")).toBeNull());
  });
  it("is gone when its time is over", async () => {
    const fixture = await drawn();
    offer(fixture);
    await screen.findByTestId("offer");
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 60_000);
    await waitFor(() => expect(screen.queryByTestId("offer")).toBeNull());
    expect(asked(fixture, "conversation.decline")).toHaveLength(0);
  });
});
