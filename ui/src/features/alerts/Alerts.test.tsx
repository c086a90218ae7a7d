import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { RpcError } from "@/platform";
import { sampleData } from "@/platform/fixture";
import { reportLine } from "@/platform/fixture-alert-data";
import { useRoutes } from "@/routes";
import { asked, openDesk } from "@/test/desk";

function as(role: "admin" | "team_lead" | "agent") {
  const { session } = sampleData(0);
  return session.phase === "ready" ? { session: { ...session, me: { ...session.me, role } } } : {};
}
const chord = (code: string) =>
  fireEvent.keyDown(document.body, { key: code.slice(-1), code, ctrlKey: true, altKey: true });

async function openAlerts(role: "admin" | "team_lead" = "team_lead") {
  const fixture = await openDesk(as(role));
  await screen.findByTestId("room-metrics");
  useRoutes.setState({ alert: null });
  useRoutes.getState().showAlerts("list");
  await screen.findAllByTestId("alert");
  return fixture;
}
const names = () => screen.getAllByTestId("alert-name").map(({ textContent }) => textContent);
const detail = () => within(screen.getByTestId("alert-detail"));

describe("the list of alerts", () => {
  it("tells the state of each by its mark and its words, and shows one in full", async () => {
    await openAlerts();
    expect(names()).toEqual([
      "严重：云朵轻羽绒服投诉突增 27",
      "严重：响应失败率过高 13.2%",
      "警告：积压过多 53",
      "警告：首响变慢 3:25",
      "提示：满意度下降",
    ]);
    expect(detail().getByText("洗一次就跑绒，质量也太差了吧")).toBeTruthy();
    expect(detail().getByText("云朵轻羽绒服跑绒、有异味怎么办")).toBeTruthy();
  });

  it("goes through them by key, acknowledges and silences", async () => {
    const fixture = await openAlerts();
    fireEvent.keyDown(document.body, { key: "ArrowDown", code: "ArrowDown", altKey: true });
    await waitFor(() => expect(detail().getByText("响应失败率过高")).toBeTruthy());
    chord("KeyK");
    await waitFor(() => expect(asked(fixture, "alert.acknowledge")).toHaveLength(1));
    const id = fixture.data.alerting.alerts[1]?.id;
    expect(asked(fixture, "alert.acknowledge")[0]?.args).toEqual({ alert_id: id });
    await waitFor(() => expect(detail().getByText(/王晓彤 确认/)).toBeTruthy());
    chord("KeyS");
    await waitFor(() =>
      expect(asked(fixture, "alert.silence")[0]?.args).toEqual({ alert_id: id, minutes: 30 }),
    );
  });

  it("says so when an act is refused, and leaves the alert as it was", async () => {
    const fixture = await openAlerts();
    fixture.refuse("alert.acknowledge", new RpcError("illegal_state", "", false, ""));
    fireEvent.click(screen.getByTestId("detail-acknowledge"));
    expect(await screen.findByTestId("toast")).toBeTruthy();
    expect(screen.getByTestId("detail-acknowledge")).toBeTruthy();
  });

  it("has what is to be added to the knowledge copied", async () => {
    const writeText = vi.fn(async () => undefined);
    vi.stubGlobal("navigator", { ...navigator, platform: "Linux", clipboard: { writeText } });
    await openAlerts();
    fireEvent.click(screen.getByTestId("detail-faq-copy"));
    await waitFor(() => expect(writeText).toHaveBeenCalledWith("云朵轻羽绒服跑绒、有异味怎么办"));
    expect(await screen.findByText("已复制，可以贴到知识里")).toBeTruthy();
    vi.unstubAllGlobals();
  });

  it("leads to the rule of an alert, and says where there is none", async () => {
    await openAlerts();
    expect(detail().getByText("主题激增由系统自动发现，不用设阈值。")).toBeTruthy();
    expect(screen.queryByTestId("detail-rule")).toBeNull();
    fireEvent.keyDown(document.body, { key: "ArrowDown", code: "ArrowDown", altKey: true });
    await waitFor(() => expect(detail().getByText("响应失败率过高")).toBeTruthy());
    expect(detail().queryByText("主题激增由系统自动发现，不用设阈值。")).toBeNull();
    fireEvent.click(screen.getByTestId("detail-rule"));
    await waitFor(() =>
      expect(useRoutes.getState().rule).toBe("0190a1e1-0000-7000-8000-000000000001"),
    );
  });

  it("is filtered by state and severity", async () => {
    await openAlerts();
    const choose = (testId: string, value: string) =>
      fireEvent.change(screen.getByTestId(testId), { target: { value } });
    choose("alerts-state", "resolved");
    await waitFor(() => expect(names()).toEqual(["提示：满意度下降"]));
    choose("alerts-severity", "critical");
    expect(await screen.findByText("没有符合条件的预警")).toBeTruthy();
    choose("alerts-state", "firing");
    await waitFor(() => expect(names()).toHaveLength(2));
  });

  it("is not there for who does not lead", async () => {
    const fixture = await openDesk(as("agent"));
    await screen.findByTestId("room-inbox");
    expect(screen.queryByTestId("room-metrics")).toBeNull();
    chord("KeyA");
    expect(useRoutes.getState().room).toBe("inbox");
    expect(asked(fixture, "alert.list")).toHaveLength(0);
  });
});

describe("how people are told", () => {
  it("lets only an administrator set up the ways out, and never shows a secret", async () => {
    await openAlerts("team_lead");
    expect(screen.queryByTestId("alerts-delivery")).toBeNull();
  });

  it("saves a way with its secret, and tries it", async () => {
    const fixture = await openAlerts("admin");
    fireEvent.click(screen.getByTestId("alerts-delivery"));
    const secret = await screen.findByTestId("delivery-secret");
    expect(secret).toMatchObject({ value: "", type: "password" });
    expect(screen.getByTestId("delivery-save")).toMatchObject({ disabled: true });
    fireEvent.change(secret, { target: { value: "s3cret" } });
    fireEvent.click(screen.getByTestId("delivery-save"));
    await waitFor(() => expect(asked(fixture, "delivery.save")).toHaveLength(1));
    expect(asked(fixture, "delivery.save")[0]?.args).toMatchObject({
      enabled: true,
      secret: "s3cret",
      settings: { channel: "email", settings: { host: "smtp.lingxuan.example" } },
    });
    await screen.findByText("发送方式已保存");
    fireEvent.change(await screen.findByTestId("delivery-to"), { target: { value: "a@b.cn" } });
    fireEvent.click(screen.getByTestId("delivery-test"));
    expect((await screen.findByTestId("delivery-result")).textContent).toContain("已被接收");
    expect(screen.getByTestId("delivery-log").textContent).toContain("连不上对方服务器");
  });

  it("tells two people of one name apart in its log", async () => {
    const said = vi.spyOn(console, "error");
    const fixture = await openAlerts("admin");
    const { delivery } = fixture.data.alerting;
    const [line] = delivery.log;
    if (!line) throw new Error("nothing was sent");
    const log = ["a", "b"].map((agent) => ({ ...line, to: "李娜", agent }));
    fixture.data.alerting.delivery = { ...delivery, log };
    fireEvent.click(screen.getByTestId("alerts-delivery"));
    const shown = await screen.findByTestId("delivery-log");
    expect(within(shown).getAllByText("李娜")).toHaveLength(2);
    expect(said.mock.calls.flat().filter((each) => `${each}`.includes("same key"))).toEqual([]);
    said.mockRestore();
  });

  it("sends what was given up once more, and nothing else", async () => {
    const fixture = await openAlerts("admin");
    fireEvent.click(screen.getByTestId("alerts-delivery"));
    const resend = await screen.findAllByTestId("delivery-resend");
    expect(resend).toHaveLength(1);
    fireEvent.click(resend[0] as HTMLElement);
    await screen.findByText("已放回发送队列");
    expect(asked(fixture, "delivery.resend")[0]?.args).toMatchObject({
      step: 1,
      agent: null,
      channel: "webhook",
    });
    expect(screen.queryByTestId("delivery-resend")).toBeNull();
  });

  it("keeps what a person wants, and takes no address that is none", async () => {
    const fixture = await openAlerts();
    fireEvent.click(screen.getByTestId("alerts-mine"));
    const email = await screen.findByTestId("prefs-email");
    fireEvent.change(email, { target: { value: "nobody" } });
    expect(screen.getByTestId("prefs-save")).toMatchObject({ disabled: true });
    fireEvent.change(email, { target: { value: "zhao@lingxuan.example" } });
    fireEvent.change(screen.getByTestId("popup-from"), { target: { value: "critical" } });
    fireEvent.click(screen.getByTestId("prefs-save"));
    await waitFor(() =>
      expect(fixture.data.alerting.prefs).toMatchObject({
        email: "zhao@lingxuan.example",
        popup_from: "critical",
      }),
    );
    fireEvent.click(screen.getByTestId("alert-window-switch"));
    await waitFor(() => expect(fixture.data.settings.alert_window).toBe("off"));
  });

  it("has a report of the numbers sent, when it is wanted and now", async () => {
    const fixture = await openAlerts();
    fireEvent.click(screen.getByTestId("alerts-mine"));
    const every = await screen.findByTestId("report-every");
    expect(screen.getByTestId<HTMLSelectElement>("report-hour").value).toBe("8");
    fireEvent.change(every, { target: { value: "week" } });
    fireEvent.change(screen.getByTestId("report-weekday"), { target: { value: "4" } });
    fireEvent.change(screen.getByTestId("report-hour"), { target: { value: "18" } });
    // Without an address it goes nowhere.
    const email = screen.getByTestId("prefs-email");
    fireEvent.change(email, { target: { value: "" } });
    expect(screen.getByText("先在上面填邮箱")).toBeTruthy();
    expect(screen.getByTestId("prefs-save")).toMatchObject({ disabled: true });
    fireEvent.change(email, { target: { value: "zhao@lingxuan.example" } });
    fireEvent.click(screen.getByTestId("prefs-save"));
    await waitFor(() =>
      expect(fixture.data.alerting.report).toEqual({ every: "week", weekday: 4, hour: 18 }),
    );
    expect((await screen.findByTestId("report-last")).textContent).toBe("还没有给您发过报告。");
    fireEvent.keyDown(window, { key: "5", code: "Digit5", ctrlKey: true, altKey: true });
    await screen.findByText("报告已放进发送队列");
    expect(asked(fixture, "metrics.mail")).toHaveLength(1);
    expect(screen.getByTestId("report-last").textContent).toContain("数字日报");
    fireEvent.change(screen.getByTestId("report-every"), { target: { value: "" } });
    fireEvent.click(screen.getByTestId("prefs-save"));
    await waitFor(() => expect(fixture.data.alerting.report).toBeNull());
  });

  it.each([
    [12, "还没有给您发过报告。"],
    [200, "最近的发送记录里没有您的报告。"],
  ])("says of the past what a log of %i lines can tell", async (n, expected) => {
    const fixture = await openAlerts();
    const { delivery } = fixture.data.alerting;
    const others = { ...reportLine(Date.now(), "another"), state: "sent" as const };
    fixture.data.alerting.delivery = { ...delivery, log: Array.from({ length: n }, () => others) };
    fireEvent.click(screen.getByTestId("alerts-mine"));
    expect(await screen.findByText(expected)).toBe(screen.getByTestId("report-last"));
  });

  it("says where mail is not set up, and sends nothing then", async () => {
    const fixture = await openAlerts();
    fixture.data.alerting.delivery = { channels: [], log: [] };
    fireEvent.click(screen.getByTestId("alerts-mine"));
    await screen.findByTestId("report-no-mail");
    expect(screen.getByTestId("report-mail")).toMatchObject({ disabled: true });
    fireEvent.keyDown(window, { key: "5", code: "Digit5", ctrlKey: true, altKey: true });
    expect(asked(fixture, "metrics.mail")).toHaveLength(0);
  });
});
