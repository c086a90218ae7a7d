import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { openDesk, openRow, type } from "@/test/desk";

const open = async () => {
  fireEvent.keyDown(window, { key: "k", code: "KeyK", ctrlKey: true });
  return screen.findByTestId("palette-input");
};

describe("the palette", () => {
  it("offers commands and open conversations at once", async () => {
    await openDesk();
    await screen.findByTestId("conv-list");
    await open();
    expect((await screen.findAllByTestId("palette-conversation")).length).toBeGreaterThan(3);
    expect(screen.getAllByTestId("palette-action").length).toBeGreaterThan(10);
    expect(screen.queryByText("标记为已解决")).toBeNull();
  });
  it("runs a command by key, but not while an input method composes", async () => {
    const fixture = await openDesk();
    await screen.findByTestId("conv-list");
    const input = await open();
    type(input, "深色");
    fireEvent.keyDown(input, { key: "Enter", isComposing: true });
    expect(screen.getByTestId("palette-input")).toBeTruthy();
    fireEvent.keyDown(input, { key: "Enter" });
    await waitFor(() => expect(fixture.data.settings.theme).toBe("dark"));
    await waitFor(() => expect(document.documentElement.dataset.theme).toBe("dark"));
  });
  it("finds messages and knowledge, and inserts an answer", async () => {
    await openDesk();
    const field = await openRow(0);
    const input = await open();
    type(input, "退款多久");
    const hit = await screen.findByTestId("palette-faq");
    fireEvent.click(hit);
    await waitFor(() => expect(field.value).toContain("原路退回零钱"));
  });
  it("says so when there is nothing", async () => {
    await openDesk();
    await screen.findByTestId("conv-list");
    type(await open(), "没有这样的话");
    expect(await screen.findByText("没有找到「没有这样的话」")).toBeTruthy();
  });
});
