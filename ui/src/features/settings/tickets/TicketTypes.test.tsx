import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { sampleData } from "@/platform/fixture";
import { asked, openDesk, type } from "@/test/desk";

const asAdmin = async () => {
  const { session } = sampleData(Date.now());
  if (session.phase === "ready") session.me = { ...session.me, role: "admin" };
  const fixture = await openDesk({ session });
  await screen.findByTestId("connection");
  fireEvent.keyDown(window, { key: "P", code: "KeyP", altKey: true, shiftKey: true });
  await screen.findByTestId("ticket-types");
  return fixture;
};

describe("ticket types", () => {
  it("are changed by an administrator, and what is wrong is told where it stands", async () => {
    const fixture = await asAdmin();
    const rows = await screen.findAllByTestId("ticket-type");
    expect(rows.map((row) => row.textContent)).toEqual(["账单争议3", "物流查件3", "售后退换3"]);
    fireEvent.click(screen.getByTestId("ticket-field-new"));
    fireEvent.click(screen.getByTestId("ticket-type-save"));
    expect(await screen.findByText("这里要填")).toBeTruthy();
    expect(asked(fixture, "ticket_type.save")).toHaveLength(0);
    const added = screen.getAllByTestId("ticket-type-field").at(-1);
    if (!added) throw new Error("no field");
    type(within(added).getByTestId("ticket-field-label"), "开户行");
    fireEvent.change(within(added).getByTestId("ticket-field-kind"), {
      target: { value: "choice" },
    });
    // Told while it is written, too: the label is there now, the options are not.
    await waitFor(() =>
      expect(within(added).getByTestId("ticket-field-options").getAttribute("aria-invalid")).toBe(
        "true",
      ),
    );
    expect(within(added).getByTestId("ticket-field-label").getAttribute("aria-invalid")).toBeNull();
    type(within(added).getByTestId("ticket-field-options"), "工商银行\n招商银行\n");
    fireEvent.keyDown(window, { key: "S", code: "KeyS", ctrlKey: true, shiftKey: true });
    await waitFor(() => expect(asked(fixture, "ticket_type.save")).toHaveLength(1));
    expect(asked(fixture, "ticket_type.save")[0]?.args).toMatchObject({
      kind: {
        version: 1,
        fields: expect.arrayContaining([
          expect.objectContaining({
            label: "开户行",
            kind: { kind: "choice", options: ["工商银行", "招商银行", ""] },
          }),
        ]),
      },
    });
    expect(await screen.findByText("「账单争议」已保存")).toBeTruthy();
  });
  it("take promises in hours, also parts of one", async () => {
    const fixture = await asAdmin();
    const field = await screen.findByLabelText<HTMLInputElement>("首次响应 紧急");
    expect(field.value).toBe("0.33");
    for (const text of ["0", "0.", "0.5"]) type(field, text);
    expect(field.value).toBe("0.5");
    type(screen.getByLabelText("解决时限 低"), "");
    fireEvent.click(screen.getByTestId("ticket-type-save"));
    await waitFor(() => expect(asked(fixture, "ticket_type.save")).toHaveLength(1));
    expect(asked(fixture, "ticket_type.save")[0]?.args).toMatchObject({
      kind: { sla: { first_response: { urgent: 30, high: 60 }, resolution: { low: 0 } } },
    });
  });
  it("have a calendar and a share at which a promise presses", async () => {
    const fixture = await asAdmin();
    const share = await screen.findByTestId<HTMLInputElement>("ticket-type-warn");
    expect(share.value).toBe("80");
    type(share, "0");
    fireEvent.click(screen.getByTestId("ticket-type-save"));
    expect(await screen.findByText("请填 1 到 99")).toBeTruthy();
    expect(asked(fixture, "ticket_type.save")).toHaveLength(0);
    type(share, "70");
    const calendar = screen.getByTestId<HTMLSelectElement>("ticket-type-calendar");
    expect([...calendar.options].map(({ text }) => text)).toEqual([
      "公司工作时间（客服工作时间）",
      "客服工作时间",
      "物流工作时间",
    ]);
    fireEvent.change(calendar, { target: { value: calendar.options[2]?.value } });
    await waitFor(() => expect(screen.queryByText("请填 1 到 99")).toBeNull());
    fireEvent.click(screen.getByTestId("ticket-type-save"));
    await waitFor(() => expect(asked(fixture, "ticket_type.save")).toHaveLength(1));
    expect(asked(fixture, "ticket_type.save")[0]?.args).toMatchObject({
      kind: { sla: { warn_percent: 70, hours: calendar.options[2]?.value } },
    });
  });
  it("begin new", async () => {
    const fixture = await asAdmin();
    fireEvent.click(await screen.findByTestId("ticket-type-new"));
    type(await screen.findByTestId("ticket-type-name"), "价保");
    fireEvent.click(screen.getByTestId("ticket-type-save"));
    await waitFor(() => expect(asked(fixture, "ticket_type.save")).toHaveLength(1));
    expect(asked(fixture, "ticket_type.save")[0]?.args).toMatchObject({
      kind: { name: "价保", version: 0, active: true },
    });
    await waitFor(() => expect(screen.getAllByTestId("ticket-type")).toHaveLength(4));
  });
});
