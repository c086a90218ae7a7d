import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { useRoutes } from "@/routes";
import { asked, openDesk, type } from "@/test/desk";
import { decoded } from "./decoded";

async function open(change?: Parameters<typeof openDesk>[0]) {
  const fixture = await openDesk(change);
  await screen.findByTestId("scope-mine");
  act(() => useRoutes.getState().showSettings("canned"));
  await screen.findByTestId("canned");
  return fixture;
}
const saves = (fixture: Awaited<ReturnType<typeof openDesk>>) =>
  asked(fixture, "canned.save").map(({ args }) => args);

describe("canned replies", () => {
  it("stand by folder and are found by what they say", async () => {
    await open();
    expect((await screen.findAllByTestId("canned-row")).length).toBe(6);
    expect(screen.getByText("售后/退款")).toBeTruthy();
    type(screen.getByTestId("canned-find"), "原路退回");
    await waitFor(() => expect(screen.getAllByTestId("canned-row")).toHaveLength(1));
  });
  it("hold files where others find them, and none of one's own", async () => {
    const fixture = await open();
    fireEvent.click(screen.getByTestId("canned-new"));
    type(await screen.findByTestId("canned-title"), "安装示意");
    const files = [new File(["x"], "示意.png"), new File(["MZ"], "安装.exe")];
    fireEvent.change(screen.getByTestId("canned-picker"), { target: { files } });
    expect((await screen.findByTestId("canned-file")).textContent).toContain("示意.png");
    expect(await screen.findByText(/「安装.exe」的类型不能发/)).toBeTruthy();
    fireEvent.click(screen.getByTestId("canned-save"));
    await waitFor(() =>
      expect(saves(fixture)).toEqual([
        expect.objectContaining({
          draft: expect.objectContaining({
            text: "",
            files: [expect.objectContaining({ name: "示意.png" })],
          }),
        }),
      ]),
    );
    expect((await screen.findByTestId("canned-files")).textContent).toBe("带 1 个文件");
  });
  it("are written with places, a folder and acts", async () => {
    const fixture = await open();
    fireEvent.click(screen.getByTestId("canned-new"));
    type(await screen.findByTestId("canned-title"), "补发说明");
    type(screen.getByTestId("canned-folder"), "售后/补发");
    type(screen.getByTestId("canned-code"), "/bf");
    type(screen.getByTestId("canned-text"), "订单 {{订单号}} 已安排补发。");
    type(screen.getByTestId("act-tag"), "补发");
    fireEvent.click(screen.getByTestId("act-add"));
    fireEvent.click(screen.getByTestId("canned-save"));
    await waitFor(() =>
      expect(saves(fixture)).toEqual([
        expect.objectContaining({
          base: 0,
          draft: {
            scope: { kind: "all" },
            folder: "售后/补发",
            title: "补发说明",
            shortcode: "bf",
            text: "订单 {{订单号}} 已安排补发。",
            acts: [{ act: "add_tag", tag: "补发" }],
          },
        }),
      ]),
    );
    expect(await screen.findByText("补发说明")).toBeTruthy();
  });
  it("are changed from the edition that was seen, and deleted when that is said twice", async () => {
    const fixture = await open();
    const [row] = await screen.findAllByTestId("canned-row");
    if (row) fireEvent.click(row);
    type(await screen.findByTestId("canned-title"), "退款多久到账");
    fireEvent.click(screen.getByTestId("canned-save"));
    await waitFor(() =>
      expect(saves(fixture)).toEqual([expect.objectContaining({ id: "k1", base: 1 })]),
    );
    fireEvent.click(await screen.findByText("退款多久到账"));
    fireEvent.click(await screen.findByTestId("canned-remove"));
    expect(asked(fixture, "canned.remove")).toHaveLength(0);
    fireEvent.click(screen.getByTestId("canned-remove"));
    await waitFor(() => expect(asked(fixture, "canned.remove")).toHaveLength(1));
  });
  it("of an agent stay with the agent", async () => {
    const fixture = await open({ mayManage: false });
    fireEvent.click(screen.getByTestId("canned-new"));
    type(await screen.findByTestId("canned-title"), "我的");
    type(screen.getByTestId("canned-text"), "自己用");
    fireEvent.click(screen.getByTestId("canned-save"));
    await waitFor(() =>
      expect(saves(fixture)).toEqual([
        expect.objectContaining({ draft: expect.objectContaining({ scope: { kind: "own" } }) }),
      ]),
    );
  });
  it("come from a table that is looked at first", async () => {
    const fixture = await open();
    fireEvent.click(screen.getByTestId("canned-import"));
    const csv = "文件夹,标题,快捷码,内容\n售后,换货,hh,可以换货\n售后,,x,没有标题\n";
    const file = new File([csv], "a.csv", { type: "text/csv" });
    const input = await screen.findByTestId("canned-file");
    fireEvent.change(input, { target: { files: [file] } });
    expect((await screen.findByTestId("canned-import-sum")).textContent).toContain("可以导入 1 条");
    expect(screen.getAllByTestId("canned-import-row")[1]?.textContent).toContain("缺标题或内容");
    fireEvent.click(screen.getByTestId("canned-import-apply"));
    expect(await screen.findByText("换货")).toBeTruthy();
    expect(asked(fixture, "canned.import").map(({ args }) => args)).toEqual([
      expect.objectContaining({ apply: false }),
      expect.objectContaining({ apply: true }),
    ]);
  });
});

it("a table is read in the encoding that a Chinese spreadsheet saves", () => {
  const gbk = new Uint8Array([0xcd, 0xcb, 0xbf, 0xee]);
  expect(decoded(gbk.buffer)).toBe("退款");
  expect(decoded(new TextEncoder().encode("退款").buffer as ArrayBuffer)).toBe("退款");
});
