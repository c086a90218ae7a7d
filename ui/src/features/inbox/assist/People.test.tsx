import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { somePeople } from "@/platform/fixture-people";
import { asked, openDesk, openRow, type } from "@/test/desk";

async function panel(change?: Parameters<typeof openDesk>[0]) {
  const fixture = await openDesk(change);
  await openRow(0);
  fireEvent.click(await screen.findByTestId("assist-contact"));
  return fixture;
}
const merges = (fixture: Awaited<ReturnType<typeof openDesk>>) =>
  asked(fixture, "people.merge").map((call) => call.args);

describe("customers who may be one", () => {
  it("are proposed with the reason beside the answers, and in the customer's panel", async () => {
    await openDesk();
    await openRow(0);
    const brief = await screen.findByTestId("alike");
    expect(brief.textContent).toContain("张**");
    expect(brief.textContent).toContain("手机号相同");
    fireEvent.click(screen.getByTestId("assist-contact"));
    expect(await screen.findByTestId("merge-open")).toBeTruthy();
  });
  it("are compared field by field, and what is chosen is kept", async () => {
    const fixture = await panel();
    fireEvent.click(await screen.findByTestId("alike-merge"));
    const moves = await screen.findByTestId("merge-moves");
    expect(moves.textContent).toContain("1 个会话");
    expect(screen.queryByTestId("keep-phone-this"), "nothing to choose where both are equal").toBe(
      null,
    );
    const name = screen.getByTestId("keep-name-other");
    expect((name as HTMLInputElement).checked, "what is known is proposed").toBe(true);
    fireEvent.click(screen.getByTestId("keep-tier-this"));
    fireEvent.click(screen.getByTestId("merge-do"));
    await waitFor(() => expect(merges(fixture)).toHaveLength(1));
    expect(merges(fixture)[0]).toMatchObject({
      remains: "other",
      keep: expect.arrayContaining([
        { field: "name", side: "other" },
        { field: "tier", side: "this" },
        { field: "email", side: "this" },
      ]),
    });
    expect((await screen.findByTestId("absorbed")).textContent).toContain("王晓彤");
  });
  it("are found by hand where nothing is equal, all by key", async () => {
    const people = somePeople();
    people.people.alike = [];
    const fixture = await panel({ people });
    fireEvent.keyDown(window, { key: "M", code: "KeyM", ctrlKey: true, shiftKey: true });
    await screen.findByTestId("merge-find");
    const box = screen.getByRole("combobox");
    type(box, "林");
    await waitFor(() => expect(screen.getByText("林*")).toBeTruthy());
    fireEvent.keyDown(box, { key: "Enter" });
    fireEvent.click(await screen.findByTestId("merge-do"));
    await waitFor(() => expect(merges(fixture)).toHaveLength(1));
  });
  it("are two again when a lead takes it back, after a question", async () => {
    const fixture = await panel();
    fireEvent.click(await screen.findByTestId("alike-merge"));
    fireEvent.click(await screen.findByTestId("merge-do"));
    fireEvent.click(await screen.findByTestId("split"));
    expect(asked(fixture, "people.split")).toHaveLength(0);
    fireEvent.click(await screen.findByTestId("split-do"));
    await waitFor(() => expect(asked(fixture, "people.split")).toHaveLength(1));
    expect(await screen.findByTestId("alike")).toBeTruthy();
  });
  it("are not offered to who may not merge", async () => {
    const people = somePeople();
    people.people = { alike: [], absorbed: [], may_merge: false };
    await panel({ people });
    await screen.findByTestId("earlier");
    expect(screen.queryByTestId("people")).toBeNull();
  });
});
