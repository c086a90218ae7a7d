import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { sampleData } from "@/platform/fixture";
import { asked, openDesk } from "@/test/desk";

const strip = () => screen.findByTestId("connection");

describe("the strip", () => {
  it("follows the connection", async () => {
    const fixture = await openDesk();
    expect((await strip()).textContent).toMatch(/^在线已同步 \d\d:\d\d$/);
    fixture.emit({
      kind: "connection",
      state: "offline",
      pending: 3,
      refused: 1,
      conflicts: 0,
      since: Date.now(),
      synced_at: null,
      fetching: null,
    });
    await waitFor(() =>
      expect(screen.getByTestId("connection").textContent).toMatch(
        /^离线自 \d\d:\d\d3 条待发1 条没发出去$/,
      ),
    );
    expect(screen.getByTestId("connection").dataset.state).toBe("offline");
  });
  it("shows how far a first fetch is", async () => {
    const fixture = await openDesk();
    await strip();
    fixture.emit({
      kind: "connection",
      state: "syncing",
      pending: 0,
      refused: 0,
      conflicts: 0,
      since: 0,
      synced_at: null,
      fetching: { done: 12_300, total: 50_000 },
    });
    expect((await screen.findByTestId("fetching")).textContent).toBe("12,300 / 50,000");
    const bar = screen.getByRole<HTMLProgressElement>("progressbar");
    expect([bar.value, bar.max]).toEqual([12_300, 50_000]);
  });
  it("says above the room when the session has ended", async () => {
    const fixture = await openDesk();
    await strip();
    fixture.emit({
      kind: "connection",
      state: "signed_out",
      pending: 0,
      refused: 0,
      conflicts: 0,
      since: 0,
      synced_at: null,
      fetching: null,
    });
    expect((await screen.findByTestId("banner")).textContent).toContain("重新登录后继续发送");
  });
  it("says above the room that the account has ended", async () => {
    const fixture = await openDesk();
    await strip();
    const { connection } = sampleData(0);
    fixture.emit({ ...connection, kind: "connection", state: "signed_out", account_ended: true });
    expect((await screen.findByTestId("banner")).textContent).toContain("账号已停用");
  });
  it.each([
    [-720_000, "比服务器快 12 分钟"],
    [86_400_000, "比服务器慢 1440 分钟"],
  ])("a clock that is %d ms off is told", async (skew_ms, words) => {
    const fixture = await openDesk();
    await strip();
    expect(screen.queryByTestId("banner")).toBeNull();
    fixture.emit({ ...sampleData(0).connection, kind: "connection", skew_ms });
    expect((await screen.findByTestId("banner")).textContent).toContain(words);
  });
  it("opens the sync centre with what waits", async () => {
    await openDesk();
    fireEvent.click(await strip());
    expect((await screen.findByTestId("outbox-item")).textContent).toContain("收到，我马上查。");
  });
  it("signs out by key and comes back to the password", async () => {
    const fixture = await openDesk();
    await strip();
    fireEvent.keyDown(window, { key: "Q", code: "KeyQ", altKey: true, shiftKey: true });
    expect(await screen.findByTestId("login-password")).toBeTruthy();
    expect(asked(fixture, "session.logout")).toHaveLength(1);
  });
  it("tells whoever signed in that customers do not see them, until they know", async () => {
    const { session } = sampleData(Date.now());
    if (session.phase === "ready") session.me = { ...session.me, presence: "offline" };
    const fixture = await openDesk({ session });
    fireEvent.click(await screen.findByTestId("presence-start"));
    await waitFor(() => expect(screen.queryByTestId("presence-hint")).toBeNull());
    expect(asked(fixture, "presence.set")[0]?.args).toEqual({ presence: "online" });
    // Chosen here, it needs no telling.
    fireEvent.keyDown(window, { key: "%", code: "Digit5", altKey: true, shiftKey: true });
    await waitFor(() => expect(screen.getByTestId("presence").textContent).toBe("离线"));
    expect(screen.queryByTestId("presence-hint")).toBeNull();
  });
  it("sets presence by key", async () => {
    const fixture = await openDesk();
    await strip();
    fireEvent.keyDown(window, { key: "@", code: "Digit2", altKey: true, shiftKey: true });
    await waitFor(() => expect(screen.getByTestId("presence").textContent).toBe("忙碌"));
    expect(asked(fixture, "presence.set")[0]?.args).toEqual({ presence: "busy" });
  });
});

describe("settings", () => {
  it("hold at once and speak the other language", async () => {
    const fixture = await openDesk();
    await strip();
    fireEvent.click(screen.getByTestId("room-settings"));
    await screen.findByTestId("settings");
    fireEvent.click(screen.getByTestId("notifications"));
    fireEvent.click(screen.getByText("English"));
    await waitFor(() => expect(screen.getByText("Appearance")).toBeTruthy());
    expect(document.documentElement.lang).toBe("en");
    expect(fixture.data.settings).toMatchObject({ locale: "en", notifications: "off" });
  });
});
