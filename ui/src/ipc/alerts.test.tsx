import { QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import type { PropsWithChildren } from "react";
import { afterEach, expect, it, vi } from "vitest";
import { setPlatform } from "@/platform";
import { makeFixture } from "@/platform/fixture";
import { reportLine } from "@/platform/fixture-alert-data";
import { asked } from "@/test/desk";
import { useDelivery } from "./alerts";
import { makeClient } from "./client";
import { keys } from "./keys";

afterEach(() => vi.useRealTimers());

const MINUTE = 60_000;
it.each([
  ["one's own report that goes out now", "me", 0, true],
  ["one's own report that is tried again at once", "me", MINUTE / 2, true],
  ["one's own report that is tried again later", "me", 5 * MINUTE, false],
  ["one's own report that nothing sends", "me", -5 * MINUTE, false],
  ["the report of somebody else", "another", 0, false],
])("%s is looked after or not", async (_, whose, ahead, expected) => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  const fixture = makeFixture(Date.now());
  setPlatform(fixture);
  const { session } = fixture.data;
  if (session.phase !== "ready") throw new Error("not signed in");
  const line = reportLine(Date.now(), whose === "me" ? session.me.id : whose);
  fixture.data.alerting.delivery.log = [{ ...line, next_at: Date.now() + ahead }];
  const client = makeClient();
  client.setQueryData(keys.session, session);
  const wrapper = ({ children }: PropsWithChildren) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const { unmount } = renderHook(() => useDelivery(), { wrapper });
  await act(() => vi.advanceTimersByTimeAsync(MINUTE / 4));
  const n = asked(fixture, "delivery.get").length;
  expect(n).toBeGreaterThan(0);
  expect(n > 1).toBe(expected);
  unmount();
});
