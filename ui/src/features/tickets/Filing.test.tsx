import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { RpcError } from "@/platform";
import { asked, openDesk, openRow, type } from "@/test/desk";
import { useDesk } from "./store";
import { useUnsaved } from "./unsaved";

const first = useDesk.getState();
beforeEach(() => {
  useDesk.setState(first, true);
  useUnsaved.setState(useUnsaved.getInitialState(), true);
});

const press = (code: string, key: string, held: object) =>
  fireEvent.keyDown(window, { code: `Key${code}`, key, ...held });

describe("a ticket from a conversation", () => {
  it("is filled in, checked, filed by key, and stands beside the conversation", async () => {
    const fixture = await openDesk();
    await openRow(0);
    await screen.findByTestId("file-ticket");
    press("N", "n", { altKey: true });
    const order = await screen.findByTestId<HTMLInputElement>("filing-order");
    expect(order.value).toBe("LX20********7213");
    expect(screen.getByTestId("filing-filled").textContent).toContain("2 项");
    expect(screen.getByTestId("filing-similar").textContent).toContain("T-00817");
    fireEvent.keyDown(order, { key: "Enter", ctrlKey: true });
    expect(await screen.findByText("这一项必须填")).toBeTruthy();
    expect(asked(fixture, "ticket.create")).toHaveLength(0);
    fireEvent.change(screen.getByTestId("filing-dispute"), { target: { value: "退款未到账" } });
    fireEvent.keyDown(order, { key: "Enter", ctrlKey: true });
    await waitFor(() => expect(asked(fixture, "ticket.create")).toHaveLength(1));
    expect(asked(fixture, "ticket.create")[0]?.args).toMatchObject({
      title: "退款没有到账",
      // As it came: what is under the veil stays.
      values: { order: { kind: "text", value: "LX20********7213" } },
      conversation_id: fixture.data.rows[0]?.id,
    });
    expect((await screen.findByTestId("assist-ticket")).textContent).toContain("退款没有到账");
    expect(screen.queryByTestId("filing")).toBeNull();
  });
  it("keeps what is written when another type is chosen or the filing fails", async () => {
    const fixture = await openDesk();
    await openRow(0);
    fireEvent.click(await screen.findByTestId("file-ticket"));
    type(await screen.findByTestId("filing-title"), "包裹三天没动");
    const [, parcels] = fixture.data.tickets.types;
    fireEvent.change(screen.getByTestId("filing-type"), { target: { value: parcels?.id } });
    type(await screen.findByTestId("filing-tracking"), "SF1234567890");
    fireEvent.change(screen.getByTestId("filing-problem"), { target: { value: "物流停滞" } });
    expect(screen.getByTestId<HTMLInputElement>("filing-title").value).toBe("包裹三天没动");
    fixture.refuse("ticket.create", new RpcError("storage", "", false, ""));
    fireEvent.click(screen.getByTestId("filing-do"));
    expect(await screen.findByTestId("filing-wrong")).toBeTruthy();
    fireEvent.click(screen.getByTestId("filing-do"));
    await waitFor(() => expect(asked(fixture, "ticket.create")).toHaveLength(2));
    const [first, second] = asked(fixture, "ticket.create").map(({ args }) => args);
    expect(first).toEqual(second);
  });
  it("keeps what is written when the dialog is closed, until it is filed or begun anew", async () => {
    const fixture = await openDesk();
    await openRow(0);
    const open = async () => {
      fireEvent.click(await screen.findByTestId("file-ticket"));
      return screen.findByTestId<HTMLInputElement>("filing-title");
    };
    const [, parcels] = fixture.data.tickets.types;
    expect(screen.queryByTestId("filing-resumed")).toBeNull();
    type(await open(), "包裹三天没动");
    fireEvent.change(screen.getByTestId("filing-type"), { target: { value: parcels?.id } });
    type(await screen.findByTestId("filing-tracking"), "SF1234567890");
    fireEvent.keyDown(screen.getByTestId("filing-tracking"), { key: "Escape" });
    await waitFor(() => expect(screen.queryByTestId("filing")).toBeNull());

    expect((await open()).value).toBe("包裹三天没动");
    expect((await screen.findByTestId<HTMLInputElement>("filing-tracking")).value).toBe(
      "SF1234567890",
    );
    fireEvent.click(within(screen.getByTestId("filing-resumed")).getByText("重新填写"));
    const title = await screen.findByTestId<HTMLInputElement>("filing-title");
    await waitFor(() => expect(title.value).toBe("退款没有到账"));
    expect(screen.queryByTestId("filing-resumed")).toBeNull();

    fireEvent.change(await screen.findByTestId("filing-dispute"), {
      target: { value: "退款未到账" },
    });
    fireEvent.click(screen.getByTestId("filing-do"));
    await waitFor(() => expect(screen.queryByTestId("filing")).toBeNull());
    await open();
    expect(screen.queryByTestId("filing-resumed")).toBeNull();
  });
});

it("tickets are found in the palette", async () => {
  await openDesk();
  await screen.findByTestId("conv-list");
  press("K", "k", { ctrlKey: true });
  type(await screen.findByTestId("palette-input"), "驿站");
  fireEvent.click(await screen.findByTestId("palette-ticket"));
  expect((await screen.findByTestId("ticket-number")).textContent).toBe("T-00812");
});
