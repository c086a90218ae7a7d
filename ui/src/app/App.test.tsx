import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { useComposing } from "@/features/inbox/composer/store";
import { useSelection } from "@/features/inbox/list/selection";
import { useDesk as useInbox } from "@/features/inbox/store";
import { useDesk as useTickets } from "@/features/tickets/store";
import zh from "@/i18n/zh-CN.json";
import { toast } from "@/kit/Notice";
import { forgetAgent } from "@/lib/agent";
import { useSearchState } from "@/parts/search";
import { useRoutes } from "@/routes";
import { composer, openDesk, openRow, type } from "@/test/desk";

async function signOut() {
  fireEvent.keyDown(window, { code: "KeyQ", key: "Q", altKey: true, shiftKey: true });
  await screen.findByTestId("login");
}

it("what one agent could take back, nobody takes back after they signed out", async () => {
  await openDesk();
  await screen.findAllByTestId("conv-row");
  const run = () => undefined;
  useInbox.setState({ undo: { ids: [], run } });
  useTickets.setState({ undo: { ids: [], run } });
  toast("success", "done", { label: "take back", run });
  toast("plain", "only said");
  expect(await screen.findByText("take back")).toBeTruthy();
  await signOut();
  expect(useInbox.getState().undo).toBeNull();
  expect(useTickets.getState().undo).toBeNull();
  expect(screen.queryByText("take back")).toBeNull();
  expect(screen.getByText("only said")).toBeTruthy();
});

beforeEach(forgetAgent);

describe("what one agent wrote and chose", () => {
  /** Words in a composer, a whisper beside them, rows that are ticked and something looked for. */
  async function left() {
    const fixture = await openDesk();
    await openRow(0);
    type(await composer(), "只给我看的话");
    const id = useRoutes.getState().open ?? "";
    act(() => {
      useComposing.getState().change(id, { whispered: "悄悄话" });
      useSelection.getState().all([id]);
      useInbox.getState().set({ faqQuery: "破损" });
      useTickets.getState().filter({ query: "破损" });
      useSearchState.getState().set({ query: "破损" });
    });
    expect(useInbox.getState().seen[id]).toBeGreaterThan(0);
    return { fixture, id };
  }

  it("another one does not find at the same window", async () => {
    const { id } = await left();
    await signOut();
    fireEvent.click(screen.getByText(zh.login.change));
    type(screen.getByTestId("login-server"), "other.example.com");
    fireEvent.click(screen.getByTestId("login-submit"));
    type(await screen.findByTestId("login-password"), "secret");
    fireEvent.click(screen.getByTestId("login-submit"));
    await screen.findAllByTestId("conv-row");
    expect(useComposing.getState().along).toEqual({});
    expect(useSelection.getState()).toMatchObject({ on: false, ids: [] });
    expect(useInbox.getState()).toMatchObject({ faqQuery: null, seen: {} });
    expect(useTickets.getState().filters.query).toBe("");
    expect(useSearchState.getState().query).toBe("");
    act(() => useRoutes.getState().openConversation(id));
    expect((await composer()).value).toBe("");
  });
  it.each([
    ["signing in again", { phase: "signed_out", server: "desk.example", account: "wang" }],
    ["a lock", { phase: "locked", account: "wang", by_passphrase: true, by_server: null }],
  ] as const)("they find again themselves after %s", async (_, away) => {
    const { fixture, id } = await left();
    const session = fixture.data.session;
    if (session.phase !== "ready") throw new Error("nobody is there");
    fixture.emit({ kind: "session", ...away });
    await waitFor(() => expect(screen.queryByTestId("composer")).toBeNull());
    fixture.emit({ kind: "session", ...session });
    await screen.findAllByTestId("conv-row");
    act(() => useRoutes.getState().openConversation(id));
    expect((await composer()).value).toBe("只给我看的话");
    expect(useComposing.getState().along[id]?.whispered).toBe("悄悄话");
  });
});
