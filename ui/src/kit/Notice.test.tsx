import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { ToastRegion, toast } from "./Notice";

afterEach(() => vi.useRealTimers());

const others = (texts: string[]) => () => {
  for (const text of texts) toast("plain", text);
};
it.each([
  ["its time is over", () => vi.advanceTimersByTime(12_000)],
  ["it is closed", () => fireEvent.click(screen.getByRole("button", { name: "close" }))],
  ["it was done", () => fireEvent.click(screen.getByText("undo"))],
  ["the same is said again", others(["done"])],
  ["others take its place", others(["1", "2", "3"])],
])("what can be done about passing words is gone, once, when %s", (_, end) => {
  vi.useFakeTimers();
  render(<ToastRegion label="words" closeLabel="close" />);
  const onGone = vi.fn();
  act(() => void toast("success", "done", { label: "undo", run: () => undefined, onGone }));
  act(() => vi.advanceTimersByTime(11_000));
  expect(onGone).not.toHaveBeenCalled();
  act(() => void end());
  expect(onGone).toHaveBeenCalledTimes(1);
  expect(screen.queryByText("undo")).toBeNull();
  act(() => vi.advanceTimersByTime(60_000));
  expect(onGone).toHaveBeenCalledTimes(1);
});
