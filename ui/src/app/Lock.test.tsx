import { act, fireEvent, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import zh from "@/i18n/zh-CN.json";
import { sampleData } from "@/platform/fixture";
import { useRoutes } from "@/routes";
import { asked, openDesk, type } from "@/test/desk";

afterEach(() => {
  vi.useRealTimers();
});

const press = () =>
  fireEvent.keyDown(window, { code: "Backspace", key: "Backspace", ctrlKey: true, altKey: true });

it("a desk that the keychain opens shows the way to a passphrase", async () => {
  const { security } = sampleData(0);
  const slots = security.slots.filter(({ kind }) => kind === "keychain");
  await openDesk({ security: { ...security, slots } });
  await screen.findAllByTestId("conv-row");
  press();
  fireEvent.click(await screen.findByText(zh.strip.addPassphrase));
  expect(useRoutes.getState().room).toBe("settings");
  expect(await screen.findByTestId("change-passphrase")).toBeTruthy();
  expect((await screen.findByTestId<HTMLSelectElement>("idle-lock")).disabled).toBe(true);
});

it("a locked desk shows nothing until its passphrase is given", async () => {
  const fixture = await openDesk();
  await screen.findAllByTestId("conv-row");
  press();
  type(await screen.findByTestId("unlock-passphrase"), "九曲黄河万里沙");
  expect(screen.queryAllByTestId("conv-row")).toEqual([]);
  const before = asked(fixture, "inbox.list").length;
  fireEvent.click(screen.getByTestId("unlock-submit"));
  await screen.findAllByTestId("conv-row");
  expect(asked(fixture, "inbox.list").length).toBeGreaterThan(before);
});

it("a desk that nobody touches locks by itself", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const { settings } = sampleData(0);
  const fixture = await openDesk({ settings: { ...settings, idle_lock_minutes: 5 } });
  await screen.findAllByTestId("conv-row");
  await act(() => vi.advanceTimersByTimeAsync(4 * 60_000));
  // A key, and the time begins anew.
  fireEvent.keyDown(window, { code: "ShiftLeft", key: "Shift" });
  await act(() => vi.advanceTimersByTimeAsync(4 * 60_000));
  expect(asked(fixture, "session.lock")).toEqual([]);
  await act(() => vi.advanceTimersByTimeAsync(61_000 + 5_000));
  expect(await screen.findByTestId("unlock")).toBeTruthy();
  expect(asked(fixture, "session.lock")).toHaveLength(1);
});
