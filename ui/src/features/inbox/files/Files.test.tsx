import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeAll, describe, expect, it } from "vitest";
import { sampleData } from "@/platform/fixture";
import { asked, openDesk, openRow, type } from "@/test/desk";
import { sidesIn, sizeText } from "./size";

beforeAll(() => {
  URL.createObjectURL = () => "blob:sample";
  URL.revokeObjectURL = () => undefined;
});

const png = (name: string, bytes = 2_000) =>
  new File([new Uint8Array(bytes)], name, { type: "image/png" });
const given = (...files: File[]) => ({ clipboardData: { files }, dataTransfer: { files } });

describe("files beside a reply", () => {
  it("a pasted picture waits, and goes out after the words", async () => {
    const fixture = await openDesk();
    const field = await openRow(0);
    fireEvent.paste(field, given(png("破损.png")));
    const waiting = await screen.findByTestId("staged-file");
    expect(waiting.textContent).toContain("破损.png");
    expect(waiting.textContent).toContain("2 KB");
    type(field, "请看图");
    fireEvent.keyDown(field, { key: "Enter" });
    await waitFor(() => expect(asked(fixture, "file.send")).toHaveLength(1));
    const names = fixture.calls.map(({ name }) => name);
    expect(names.indexOf("message.send")).toBeLessThan(names.indexOf("file.send"));
    expect(await screen.findByAltText("破损.png")).toBeTruthy();
    await waitFor(() => expect(screen.queryByTestId("staged-file")).toBeNull());
  });
  it("a dropped file goes without words, and can be taken back", async () => {
    const fixture = await openDesk();
    const field = await openRow(0);
    fireEvent.drop(field, given(new File(["x"], "发票.pdf")));
    await screen.findByTestId("staged-file");
    fireEvent.keyDown(field, { key: "Enter" });
    fireEvent.click(await screen.findByTestId("cancel-file"));
    await waitFor(() => expect(asked(fixture, "file.cancel")).toHaveLength(1));
    await waitFor(() => expect(screen.queryByText("发票.pdf")).toBeNull());
    expect(asked(fixture, "message.send")).toEqual([]);
  });
  it("one that was chosen by mistake is left out", async () => {
    const fixture = await openDesk();
    await openRow(0);
    const picker = screen.getByTestId("file-picker");
    fireEvent.change(picker, { target: { files: [png("a.png"), png("b.png")] } });
    await waitFor(() => expect(screen.getAllByTestId("staged-file")).toHaveLength(2));
    const [first] = screen.getAllByTestId("staged-file");
    if (!first) throw new Error("nothing waits");
    fireEvent.click(within(first).getByTestId("leave-out"));
    await waitFor(() => expect(screen.getAllByTestId("staged-file")).toHaveLength(1));
    expect(asked(fixture, "file.drop")).toHaveLength(1);
  });
  it("says what is wrong with a file, by its name, and keeps nothing of it", async () => {
    const fixture = await openDesk();
    const field = await openRow(0);
    fireEvent.paste(field, given(new File(["MZ"], "安装.exe")));
    expect(await screen.findByText(/「安装.exe」的类型不能发/)).toBeTruthy();
    const large = png("大图.png");
    Object.defineProperty(large, "size", { value: 21 * 1024 * 1024 });
    fireEvent.paste(field, given(large));
    expect(await screen.findByText(/「大图.png」太大/)).toBeTruthy();
    await act(async () => undefined);
    expect(screen.queryByTestId("staged-file")).toBeNull();
    expect(asked(fixture, "file.stage")).toHaveLength(1);
  });
});

it("a canned reply brings its files along", async () => {
  const data = sampleData(Date.now());
  const held = {
    id: "0190f000-0000-7000-8000-000000000009",
    name: "安装示意.png",
    kind: "png" as const,
    n_bytes: 8_000,
    width: 640,
    height: 480,
  };
  const canned = data.canned.map((each) =>
    each.id === "k4" ? { ...each, draft: { ...each.draft, files: [held] } } : each,
  );
  const fixture = await openDesk({ canned });
  const field = await openRow(0);
  type(field, "/hi");
  await screen.findByTestId("canned-list");
  await waitFor(() => expect(screen.getAllByTestId("canned-item")).toHaveLength(1));
  fireEvent.keyDown(field, { key: "Enter" });
  const waiting = await screen.findByTestId("staged-file");
  expect(waiting.textContent).toContain("安装示意.png");
  await waitFor(() => expect(field.value).toContain("您好"));
  fireEvent.keyDown(field, { key: "Enter" });
  await waitFor(() => expect(asked(fixture, "file.send")).toHaveLength(1));
});

describe("files in the thread", () => {
  const withFile = (file: object) => {
    const data = sampleData(Date.now());
    const last = data.messages.findLast(({ author }) => author === "customer");
    if (!last) throw new Error("no sample message");
    const message = { ...last, text: "", file: { ...sample, ...file } };
    return { messages: data.messages.map((each) => (each === last ? message : each)) };
  };
  const sample = {
    id: "0190f000-0000-7000-8000-000000000001",
    name: "订单截图.jpg",
    kind: "jpeg" as const,
    is_image: true,
    n_bytes: 345_000,
    width: 1_080,
    height: 2_160,
  };

  it("a picture opens large, is saved, and Esc closes it", async () => {
    const fixture = await openDesk(withFile({}));
    await openRow(0);
    const picture = await screen.findByAltText("订单截图.jpg");
    expect([picture.getAttribute("width"), picture.getAttribute("height")]).toEqual(["130", "260"]);
    fireEvent.click(screen.getByTestId("picture"));
    const box = await screen.findByTestId("lightbox");
    await within(box).findByTestId("large-picture");
    expect(asked(fixture, "file.read").map(({ args }) => args)).toEqual([
      expect.objectContaining({ part: "thumb" }),
      expect.objectContaining({ part: "whole" }),
    ]);
    fireEvent.click(within(box).getByTestId("save-file"));
    expect(await screen.findByText("已保存到 /home/xiaotong/下载/图片.png")).toBeTruthy();
    fireEvent.keyDown(box, { key: "Escape" });
    await waitFor(() => expect(screen.queryByTestId("lightbox")).toBeNull());
  });
  it("any other file has its name, its size, and is saved", async () => {
    const fixture = await openDesk(withFile({ name: "发票.pdf", kind: "pdf", is_image: false }));
    await openRow(0);
    const card = await screen.findByTestId("file");
    expect(card.textContent).toContain("345 KB");
    fireEvent.click(within(card).getByTestId("save-file"));
    await waitFor(() => expect(asked(fixture, "file.save")).toHaveLength(1));
  });
});

it("sizes are short, and pictures keep their shape", () => {
  expect([sizeText(12), sizeText(345_000), sizeText(1_234_567)]).toEqual([
    "12 B",
    "345 KB",
    "1.2 MB",
  ]);
  expect(sidesIn(4_000, 3_000, 260)).toEqual({ w: 260, h: 195 });
  expect(sidesIn(0, 0, 260)).toEqual({ w: 24, h: 24 });
});
