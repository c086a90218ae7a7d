import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { forgetAgent } from "@/lib/agent";
import { makeFixture } from "@/platform/fixture";
import { useRoutes } from "@/routes";
import { asked, openDesk } from "@/test/desk";
// The window loads the room when somebody goes there; here it is at hand.
import "./Metrics";
import { useRoom } from "./store";

// The test DOM has no canvas: what is drawn is the matter of the kit's tests and of the pictures.
const drawn = vi.hoisted(() => ({ specs: [] as { kind: string }[] }));
vi.mock(import("@/kit/chart/engine"), () => ({
  draw: () => ({
    draw: (spec: { kind: string }) => drawn.specs.push(spec),
    resize: () => undefined,
    end: () => undefined,
  }),
  paint: () => {
    const canvas = document.createElement("canvas");
    canvas.style.position = "absolute";
    return canvas;
  },
}));
vi.mock(import("@/kit/chart/report"), () => ({
  composed: async () => new Uint8Array(600 * 1024).fill(7),
}));

// The whole room is drawn, with all of its tables.

type Change = {
  role?: "agent" | "team_lead";
  offline?: boolean;
  asOf?: number | null;
  quiet?: boolean;
  /** Called with what lets the board's first answer through. */
  held?: (release: () => void) => void;
};

async function metrics(change: Change = {}) {
  const { role = "team_lead", offline = false, asOf, quiet = false, held } = change;
  const { session, connection, metrics: sample } = makeFixture().data;
  if (session.phase !== "ready") throw new Error("not signed in");
  const fixture = await openDesk({
    session: { ...session, me: { ...session.me, role } },
    connection: { ...connection, state: offline ? "offline" : "online" },
    metrics: { asOf: asOf === undefined ? sample.asOf : asOf, quiet },
  });
  await screen.findAllByTestId("conv-row");
  held?.(fixture.hold("metrics.board"));
  press("d", "KeyD", { shiftKey: true });
  return fixture;
}
const press = (key: string, code: string, more: KeyboardEventInit = { altKey: true }) =>
  fireEvent.keyDown(window, { key, code, ctrlKey: true, ...more });
const rowsOf = (chart: Element) => chart.querySelectorAll("table tbody tr").length;
/** The button of the exports, from when there are numbers on. */
const exporter = async () => {
  await waitFor(() =>
    expect(screen.getByTestId<HTMLButtonElement>("metrics-export").disabled).toBe(false),
  );
  return screen.getByTestId("metrics-export");
};
const boards = (fixture: Awaited<ReturnType<typeof metrics>>) =>
  asked(fixture, "metrics.board").map(({ args }) => args as Record<string, unknown>);

beforeEach(() => {
  // Nothing is ever in sight here, so that it would wait for that in vain.
  vi.stubGlobal("IntersectionObserver", undefined);
  forgetAgent();
  drawn.specs = [];
});

describe("the room of the numbers", () => {
  it("goes onto paper as text, and leaves the window as it was", async () => {
    const print = vi.fn();
    vi.stubGlobal("print", print);
    const theme = document.documentElement.dataset.theme;
    await metrics();
    fireEvent.click(await exporter());
    fireEvent.click(await screen.findByTestId("metrics-export-print"));
    const paper = await screen.findByTestId("paper");
    await waitFor(() => expect(print).toHaveBeenCalledOnce());
    expect(paper.parentElement).toBe(document.body);
    const rows = within(paper).getAllByRole("row", { hidden: true });
    expect(rows).toHaveLength(10);
    expect(rows[1]?.textContent).toContain("智能响应率");
    const pictures = [...paper.querySelectorAll("figure canvas")];
    expect(pictures.length).toBeGreaterThan(5);
    expect(pictures.every((picture) => picture.getAttribute("style") === null)).toBe(true);
    expect(document.documentElement.dataset.theme).toBe(theme);
    fireEvent(window, new Event("afterprint"));
    expect(screen.queryByTestId("paper")).toBeNull();
    press("p", "KeyP", {});
    await waitFor(() => expect(print).toHaveBeenCalledTimes(2));
    expect(screen.getAllByTestId("paper")).toHaveLength(1);
    fireEvent(window, new Event("afterprint"));
  });

  it("is not exported before its numbers are there", async () => {
    const print = vi.fn();
    vi.stubGlobal("print", print);
    const held = vi.fn<(release: () => void) => void>();
    await metrics({ held });
    const button = await screen.findByTestId<HTMLButtonElement>("metrics-export");
    expect(button.disabled).toBe(true);
    fireEvent.click(button);
    press("p", "KeyP", {});
    await act(async () => undefined);
    expect(screen.queryByTestId("metrics-export-print")).toBeNull();
    expect(print).not.toHaveBeenCalled();
    for (const [release] of held.mock.calls) release();
    expect(await exporter()).toBe(button);
  });

  it("is a lead's, and not there for others", async () => {
    const fixture = await metrics({ role: "agent" });
    await act(async () => undefined);
    expect(useRoutes.getState().room).toBe("inbox");
    expect(screen.queryByTestId("metrics")).toBeNull();
    expect(screen.queryByTestId("room-metrics")).toBeNull();
    expect(boards(fixture)).toHaveLength(0);
  });
  it("shows ten numbers with what they were, and a table behind each chart", async () => {
    await metrics();
    const cards = await screen.findAllByTestId(/^metric-/);
    expect(cards).toHaveLength(10);
    expect(screen.getByTestId("metric-auto_response").textContent).toMatch(/\d%昨天 \d/);
    expect(screen.getByTestId("metric-first_response_p50").textContent).toContain("P90");
    // What is counted is said where it could be taken for something else.
    expect(screen.getByTestId("metric-first_response_p50").title).toMatch(/^从转人工起.*\n看明细$/);
    expect(new Set(cards.map(({ title }) => title)).size).toBe(10);
    const hours = () => 1 + new Date(Date.now() + 8 * 3_600_000).getUTCHours();
    await waitFor(() => expect(rowsOf(screen.getByTestId("chart-volume"))).toBe(hours()));
    const charts = screen.getAllByTestId(/^chart-/);
    expect(charts).toHaveLength(12);
    for (const chart of charts) {
      expect(rowsOf(chart)).toBeGreaterThan(0);
      expect(chart.querySelector("[role=img]")?.getAttribute("aria-label")).toMatch(/\d/);
    }
    await waitFor(() => expect(drawn.specs.length).toBeGreaterThanOrEqual(12));
    expect(screen.getByTestId("metrics-as-of").textContent).toContain("截至");
  });
  it("does not ask what agents have at each change of a conversation", async () => {
    const began = Date.now();
    const fixture = await metrics();
    await screen.findAllByTestId(/^chart-/);
    const lists = () => asked(fixture, "inbox.list").length;
    const before = lists();
    for (let n = 0; n < 20; n += 1)
      await act(async () => fixture.emit({ kind: "changed", tags: [{ tag: "inbox" }] }));
    await waitFor(() => expect(lists()).toBeGreaterThan(before));
    // By the clock alone: once in five seconds.
    const most = 2 + (Date.now() - began) / 5_000;
    expect(asked(fixture, "live.list").length).toBeLessThanOrEqual(most);
  });
  it("asks by period, group, part, width and with or without comparison", async () => {
    const fixture = await metrics();
    await screen.findByTestId("metric-volume");
    const today = boards(fixture)[0];
    expect(today).toMatchObject({ grain: "hour", filter: { group: null, slice: null } });
    press("2", "Digit2");
    await waitFor(() => expect(boards(fixture).at(-1)).toMatchObject({ grain: "day" }));
    const week = boards(fixture).at(-1) as { from: number; to: number; compare_from: number };
    expect(week.to - week.from).toBe(7 * 86_400_000);
    expect(week.from - week.compare_from).toBe(7 * 86_400_000);
    fireEvent.change(await screen.findByTestId("metrics-grain"), { target: { value: "hour" } });
    await waitFor(() => expect(boards(fixture).at(-1)).toMatchObject({ grain: "hour" }));
    press("c", "KeyC");
    await waitFor(() => expect(boards(fixture).at(-1)).toMatchObject({ compare_from: null }));
    expect(screen.queryByText(/^前 7 天/)).toBeNull();
    fireEvent.change(screen.getByTestId("metrics-group"), { target: { value: "g1" } });
    fireEvent.change(screen.getByTestId("metrics-slice"), { target: { value: "line:服饰" } });
    await waitFor(() =>
      expect(boards(fixture)).toContainEqual(
        expect.objectContaining({
          grain: "day",
          filter: { group: "g1", slice: { dim: "line", value: "服饰" } },
        }),
      ),
    );
  });
  it("takes days of one's own", async () => {
    const fixture = await metrics();
    fireEvent.click(await screen.findByText("自选"));
    fireEvent.change(await screen.findByTestId("metrics-own-from"), {
      target: { value: "2026-11-02" },
    });
    fireEvent.change(screen.getByTestId("metrics-own-to"), { target: { value: "2026-11-03" } });
    await waitFor(() => {
      const { from, to } = boards(fixture).at(-1) as { from: number; to: number };
      expect(to - from).toBe(2 * 86_400_000);
      expect(new Date(from + 8 * 3_600_000).toISOString()).toBe("2026-11-02T00:00:00.000Z");
    });
  });
  it("asks again when the numbers change", async () => {
    const fixture = await metrics();
    await screen.findByTestId("metric-volume");
    const before = boards(fixture).length;
    fixture.emit({ kind: "changed", tags: [{ tag: "metrics" }] });
    await waitFor(() => expect(boards(fixture).length).toBeGreaterThan(before));
  });
});

describe("what is behind a number", () => {
  it("opens from its card, and each row opens its conversation", async () => {
    const fixture = await metrics();
    fireEvent.click(await screen.findByTestId("metric-coverage"));
    const rows = await screen.findAllByTestId("metrics-behind-row");
    expect(asked(fixture, "metrics.rows")[0]?.args).toMatchObject({
      metric: "coverage",
      which: "counted",
      after: null,
    });
    fireEvent.click(screen.getByText("没计入的"));
    await waitFor(() =>
      expect(asked(fixture, "metrics.rows").at(-1)?.args).toMatchObject({ which: "rest" }),
    );
    const [first] = await screen.findAllByTestId("metrics-behind-row");
    fireEvent.click((first as HTMLElement).querySelector("button") as HTMLElement);
    expect(rows.length).toBeGreaterThan(3);
    await waitFor(() => expect(useRoutes.getState().open).toBe(fixture.data.rows[0]?.id));
    expect(useRoutes.getState().room).toBe("inbox");
  });
  it("goes on from where it stopped", async () => {
    const fixture = await metrics();
    const [first] = fixture.data.rows;
    if (!first) throw new Error("no conversations");
    const many = Array.from({ length: 130 }, (_, n) => ({
      ...first,
      id: `c-many-${n}`,
      number: `C-9${String(n).padStart(4, "0")}`,
    }));
    fixture.data.rows.splice(0, fixture.data.rows.length, ...many);
    fireEvent.click(await screen.findByTestId("metric-coverage"));
    await screen.findByText("已列出 100 条，共 130 条");
    fireEvent.click(screen.getByText("再列一些"));
    await screen.findByText("已列出 130 条，共 130 条");
    expect(screen.getAllByTestId("metrics-behind-row")).toHaveLength(130);
    expect(screen.queryByText("再列一些")).toBeNull();
    expect(asked(fixture, "metrics.rows").at(-1)?.args).toMatchObject({
      after: { id: "c-many-99" },
    });
  });
  it("opens from a line of a chart's table, for that time only", async () => {
    const fixture = await metrics();
    await screen.findByTestId("metric-volume");
    press("t", "KeyT");
    const chart = await screen.findByTestId("chart-failure");
    await waitFor(() => expect(chart.querySelector("tbody button")).not.toBeNull());
    expect(chart.querySelector("[role=img]")).toBeNull();
    fireEvent.click(chart.querySelector("tbody button") as HTMLElement);
    await screen.findAllByTestId("metrics-behind-row");
    const args = asked(fixture, "metrics.rows").at(-1)?.args;
    expect(args).toMatchObject({ metric: "failure" });
    const { from, to } = args as { from: number; to: number };
    expect(to - from).toBe(3_600_000);
  });
  it("of a question is what was asked about it", async () => {
    const fixture = await metrics();
    await screen.findByTestId("metric-volume");
    press("t", "KeyT");
    const chart = await screen.findByTestId("chart-intents");
    fireEvent.click(await within(chart).findByText("查物流"));
    await screen.findAllByTestId("metrics-behind-row");
    expect(asked(fixture, "metrics.rows").at(-1)?.args).toMatchObject({
      metric: "volume",
      filter: { group: null, slice: { dim: "intent", value: "查物流" } },
    });
  });
  it("is the server's to tell: offline it says so, and the numbers stay", async () => {
    await metrics({ offline: true });
    expect((await screen.findByTestId("metrics-offline")).textContent).toMatch(/截至 \d\d:\d\d/);
    fireEvent.click(await screen.findByTestId("metric-volume"));
    const dialog = await screen.findByTestId("metrics-behind");
    await waitFor(() => expect(dialog.textContent).toContain("现在离线"));
    expect(screen.getByTestId("metric-volume").textContent).toMatch(/\d/);
  });
});

describe("numbers side by side", () => {
  it("are put in order by their heads, and a row narrows the room", async () => {
    const fixture = await metrics();
    fireEvent.click(await screen.findByTestId("metrics-tab-channel"));
    const names = () =>
      screen.getAllByTestId("metrics-table-row").map((row) => row.querySelector("th")?.textContent);
    await screen.findAllByTestId("metrics-table-row");
    expect(names()).toEqual(["微信客服", "网页", "邮件"]);
    fireEvent.click(screen.getByTestId("metrics-sort-volume"));
    expect(names()).toEqual(["邮件", "网页", "微信客服"]);
    const [, web] = screen.getAllByTestId("metrics-table-row");
    fireEvent.click(web?.querySelector("button") as HTMLElement);
    await screen.findByTestId("metric-volume");
    await waitFor(() =>
      expect(boards(fixture)).toContainEqual(
        expect.objectContaining({
          grain: "hour",
          filter: { group: null, slice: { dim: "channel", value: "web" } },
        }),
      ),
    );
  });
});

describe("where there is nothing", () => {
  it("says so before the first numbers are here", async () => {
    await metrics({ asOf: null });
    await screen.findByTestId("metrics-none");
    expect(screen.queryByTestId("metric-volume")).toBeNull();
  });
  it("offers a longer time where nobody came", async () => {
    const fixture = await metrics({ quiet: true });
    const quiet = await screen.findByTestId("metrics-quiet");
    fireEvent.click(within(quiet).getByText("看近 30 天"));
    await waitFor(() => {
      const { from, to } = boards(fixture).at(-1) as { from: number; to: number };
      expect(to - from).toBe(30 * 86_400_000);
    });
  });
});

describe("what leaves the room", () => {
  it("is written as a workbook, by key, of just what is shown", async () => {
    const fixture = await metrics();
    await screen.findByTestId("metric-volume");
    press("e", "KeyE");
    await waitFor(() => expect(asked(fixture, "metrics.export")).toHaveLength(1));
    expect(asked(fixture, "metrics.export")[0]?.args).toMatchObject({
      format: "xlsx",
      board: { filter: { group: null, slice: null }, grain: "hour" },
    });
    await screen.findByText(/\.xlsx$/);
  });
  it("is a picture in pieces, saved once it is whole", async () => {
    const fixture = await metrics();
    await screen.findByTestId("metric-volume");
    press("p", "KeyP");
    await screen.findByText(/\.png$/);
    expect(asked(fixture, "report.save").length).toBe(2);
    const [first, second] = asked(fixture, "report.save").map(
      ({ args }) => args as { file_id: string; offset: number; total: number },
    );
    expect(first).toMatchObject({ offset: 0, total: 600 * 1024 });
    expect(second).toMatchObject({ offset: 512 * 1024, file_id: first?.file_id });
  });
});

it("the next agent finds the room as at first", () => {
  const first = useRoom.getState();
  first.set({ tab: "agent", period: "year", group: "g", clock: 480 });
  expect(useRoom.getState()).not.toEqual(first);
  forgetAgent();
  expect(useRoom.getState()).toEqual(first);
});

describe("the wallboard", () => {
  it("is entered and left by key", async () => {
    await metrics();
    await screen.findByTestId("metric-volume");
    press("w", "KeyW");
    const wall = await screen.findByTestId("wallboard");
    expect(within(wall).getAllByTestId(/^wall-/)).toHaveLength(8);
    expect(screen.queryByTestId("metrics")).toBeNull();
    fireEvent.keyDown(window, { key: "Escape" });
    await screen.findByTestId("metrics");
    press("w", "KeyW");
    await screen.findByTestId("wallboard");
    press("w", "KeyW");
    await screen.findByTestId("metrics");
  });
  it("shows today, whatever the room shows", async () => {
    const fixture = await metrics();
    await screen.findByTestId("metric-volume");
    press("3", "Digit3");
    await waitFor(() => expect(boards(fixture).at(-1)).toMatchObject({ grain: "day" }));
    press("w", "KeyW");
    const wall = await screen.findByTestId("wallboard");
    await waitFor(() => expect(wall.textContent).toContain("昨天"));
  });
});
