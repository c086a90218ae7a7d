import { QueryClientProvider } from "@tanstack/react-query";
import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { makeClient } from "@/ipc/client";
import { handle } from "@/ipc/events";
import { RpcError, setPlatform } from "@/platform";
import { makeFixture } from "@/platform/fixture";
import { asked } from "@/test/desk";
import { AlertWindow } from "./AlertWindow";

const ignore = () => undefined;
const nobody = {
  onOpen: ignore,
  onOpenTicket: ignore,
  onOpenAlert: ignore,
  onNotice: ignore,
  onTicket: ignore,
  onAlert: ignore,
};

async function openWindow() {
  const fixture = makeFixture();
  setPlatform(fixture);
  const client = makeClient();
  await fixture.subscribe((event) => act(() => handle(client, event, nobody)), ignore);
  render(
    <QueryClientProvider client={client}>
      <AlertWindow />
    </QueryClientProvider>,
  );
  await screen.findByTestId("alert-window");
  return fixture;
}
const title = () => screen.getByRole("heading", { level: 1 }).textContent;

describe("the window of alerts", () => {
  it("shows what nobody looks after, the worst first, one at a time", async () => {
    await openWindow();
    expect(title()).toBe("云朵轻羽绒服投诉突增");
    expect(screen.getByTestId("alert-place").textContent).toBe("1 / 2");
    expect(screen.getByTestId("alert-severity").textContent).toBe("严重预警");
    fireEvent.click(screen.getByTestId("alert-next"));
    expect(title()).toBe("响应失败率过高");
    expect(screen.getByRole("alertdialog").textContent).toContain(
      "近 15 分钟 1,606 轮里 212 轮没有可靠答案",
    );
    fireEvent.keyDown(window, { key: "ArrowRight" });
    expect(title()).toBe("云朵轻羽绒服投诉突增");
  });

  it("goes on with the next one when one is acknowledged or silenced, and ends calm", async () => {
    const fixture = await openWindow();
    fireEvent.click(screen.getByTestId("alert-acknowledge"));
    await waitFor(() => expect(title()).toBe("响应失败率过高"));
    expect(screen.queryByTestId("alert-place")).toBeNull();
    fireEvent.keyDown(window, { key: "s" });
    await waitFor(() => expect(asked(fixture, "alert.silence")).toHaveLength(1));
    expect(await screen.findByTestId("alert-window-calm")).toBeTruthy();
  });

  it("is put away, and shows the details in the desk", async () => {
    const fixture = await openWindow();
    fireEvent.click(screen.getByTestId("alert-show"));
    expect(asked(fixture, "alert_window.show")[0]?.args).toEqual({
      alert_id: fixture.data.alerting.alerts[0]?.id,
    });
    fireEvent.keyDown(window, { key: "Escape" });
    expect(asked(fixture, "alert_window.put_away")).toHaveLength(1);
  });

  it("says it here when something does not work: it has no other place for it", async () => {
    const fixture = await openWindow();
    fixture.refuse("alert.acknowledge", new RpcError("not_found", "", false, ""));
    fireEvent.click(screen.getByTestId("alert-acknowledge"));
    await waitFor(() => expect(screen.getByRole("status").textContent).not.toContain("集中在"));
    expect(title()).toBe("云朵轻羽绒服投诉突增");
  });
});
