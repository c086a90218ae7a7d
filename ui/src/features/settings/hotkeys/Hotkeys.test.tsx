import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { keyText, setKeys } from "@/hotkeys";
import { useRoutes } from "@/routes";
import { asked, openDesk } from "@/test/desk";

afterEach(() => setKeys({}));

async function open() {
  const fixture = await openDesk();
  await screen.findByTestId("scope-mine");
  act(() => useRoutes.getState().showSettings("keys"));
  return fixture;
}
const line = async (id: string) => (await screen.findByTestId(`hotkey-${id}`)) as HTMLElement;
const button = (row: HTMLElement) => {
  const found = row.querySelector<HTMLElement>("[data-testid=hotkey-change]");
  if (!found) throw new Error("no button");
  return found;
};
const press = (row: HTMLElement, key: string, code: string, more = {}) => {
  fireEvent.click(button(row));
  fireEvent.keyDown(button(row), { key, code, ...more });
};
const saved = (fixture: Awaited<ReturnType<typeof openDesk>>) => fixture.data.settings.keys;

describe("a key", () => {
  it("becomes what is pressed, works at once, and goes back", async () => {
    const fixture = await open();
    press(await line("takeNext"), "0", "Digit0", { ctrlKey: true, altKey: true });
    await waitFor(() => expect(saved(fixture)).toEqual({ takeNext: "mod+Alt+0" }));
    await waitFor(() => expect(keyText("takeNext")).toBe("Ctrl Alt 0"));
    fireEvent.keyDown(window, { key: "j", code: "KeyJ", ctrlKey: true });
    expect(asked(fixture, "conversation.claim")).toHaveLength(0);
    fireEvent.click(await screen.findByTestId("hotkey-reset"));
    await waitFor(() => expect(saved(fixture)).toEqual({}));
  });
  it("that another action has is taken only when that is said", async () => {
    const fixture = await open();
    const row = await line("resolve");
    press(row, "k", "KeyK", { ctrlKey: true });
    expect((await screen.findByTestId("hotkey-conflict")).textContent).toContain("打开命令面板");
    expect(saved(fixture) ?? {}).toEqual({});
    fireEvent.click(screen.getByTestId("hotkey-take"));
    await waitFor(() => expect(saved(fixture)).toEqual({ palette: "", resolve: "mod+K" }));
    expect((await line("palette")).textContent).toContain("未设置");
  });
  it("by which text is edited is refused", async () => {
    const fixture = await open();
    press(await line("resolve"), "c", "KeyC", { ctrlKey: true });
    expect((await screen.findByTestId("hotkey-conflict")).textContent).toContain("Ctrl C");
    expect(screen.queryByTestId("hotkey-take")).toBeNull();
    expect(asked(fixture, "settings.set")).toHaveLength(0);
  });
  it("stays as it is with Esc", async () => {
    const fixture = await open();
    press(await line("resolve"), "Escape", "Escape");
    await act(async () => undefined);
    expect(asked(fixture, "settings.set")).toHaveLength(0);
  });
});
