import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { openDesk } from "@/test/desk";

const press = (code: string) =>
  fireEvent.keyDown(window, { key: code.slice(3), code, altKey: true, shiftKey: true });

it("what was chosen last stays on the screen while an earlier choice is being kept", async () => {
  const fixture = await openDesk();
  await screen.findByTestId("conv-list");
  const kept = fixture.hold("settings.set");
  press("KeyD");
  press("KeyE");
  await waitFor(() => expect(document.documentElement.lang).toBe("en"));
  fixture.emit({ kind: "changed", tags: [{ tag: "settings" }] });
  await act(() => new Promise((resolve) => setTimeout(resolve)));
  expect(document.documentElement.lang).toBe("en");
  kept();
  await waitFor(() => expect(fixture.data.settings).toMatchObject({ theme: "dark", locale: "en" }));
  expect(document.documentElement.lang).toBe("en");
  expect(document.documentElement.dataset.theme).toBe("dark");
  press("KeyE");
  await waitFor(() => expect(document.documentElement.lang).toBe("zh-CN"));
});
