import { fireEvent, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { useDesk as useInbox } from "@/features/inbox/store";
import { useDesk as useTickets } from "@/features/tickets/store";
import { toast } from "@/kit/Notice";
import { openDesk } from "@/test/desk";

it("what one agent could take back, nobody takes back after they signed out", async () => {
  await openDesk();
  await screen.findAllByTestId("conv-row");
  const run = () => undefined;
  useInbox.setState({ undo: { ids: [], run } });
  useTickets.setState({ undo: { ids: [], run } });
  toast("success", "done", { label: "take back", run });
  toast("plain", "only said");
  expect(await screen.findByText("take back")).toBeTruthy();
  fireEvent.keyDown(window, { code: "KeyQ", key: "Q", altKey: true, shiftKey: true });
  await screen.findByTestId("login");
  expect(useInbox.getState().undo).toBeNull();
  expect(useTickets.getState().undo).toBeNull();
  expect(screen.queryByText("take back")).toBeNull();
  expect(screen.getByText("only said")).toBeTruthy();
});
