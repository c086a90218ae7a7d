import { QueryClientProvider } from "@tanstack/react-query";
import { act, fireEvent, render, screen } from "@testing-library/react";
import { App } from "@/app/App";
import { makeClient } from "@/ipc/client";
import { handle } from "@/ipc/events";
import type { CommandName } from "@/ipc/generated/Commands";
import { setPlatform } from "@/platform";
import { type Fixture, makeFixture } from "@/platform/fixture";
import { useRoutes } from "@/routes";

type Change = Parameters<typeof makeFixture>[1];

/** The whole window on sample data, as a test sees it. */
export async function openDesk(change?: Change): Promise<Fixture> {
  const fixture = makeFixture(Date.now(), change);
  setPlatform(fixture);
  const client = makeClient();
  await fixture.subscribe(
    (event) =>
      act(() =>
        handle(client, event, {
          onOpen: useRoutes.getState().openConversation,
          onOpenTicket: useRoutes.getState().openTicket,
          onOpenAlert: useRoutes.getState().openAlert,
          onAlert: () => undefined,
          onNotice: () => undefined,
          onTicket: () => undefined,
        }),
      ),
    () => undefined,
  );
  render(
    <QueryClientProvider client={client}>
      <App />
    </QueryClientProvider>,
  );
  return fixture;
}

/** Opens a row of the list. */
export async function openRow(n: number): Promise<HTMLTextAreaElement> {
  const rows = await screen.findAllByTestId("conv-row");
  const row = rows[n];
  if (!row) throw new Error(`there is no row ${n}`);
  fireEvent.click(row);
  return composer();
}

export async function composer(): Promise<HTMLTextAreaElement> {
  const found = await screen.findByTestId("composer");
  if (!(found instanceof HTMLTextAreaElement)) throw new Error("the composer is not a text area");
  return found;
}

export const type = (field: HTMLElement, value: string): void =>
  void fireEvent.change(field, { target: { value } });
export const asked = (fixture: Fixture, name: CommandName) =>
  fixture.calls.filter((call) => call.name === name);
