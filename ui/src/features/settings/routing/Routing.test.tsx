import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { sampleData } from "@/platform/fixture";
import { asked, openDesk, type } from "@/test/desk";

const open = async (role: "agent" | "team_lead" | "admin") => {
  const { session } = sampleData(Date.now());
  if (session.phase !== "ready") throw new Error("the sample desk is not open");
  const fixture = await openDesk({ session: { ...session, me: { ...session.me, role } } });
  fireEvent.click(await screen.findByTestId("room-settings"));
  return fixture;
};
const openRouting = async () => {
  const fixture = await open("admin");
  fireEvent.click(await screen.findByTestId("settings-routing"));
  await screen.findByTestId("routing-settings");
  return fixture;
};

describe("the settings of routing", () => {
  it("are not there for an agent", async () => {
    await open("agent");
    await screen.findByTestId("settings");
    expect(screen.queryByTestId("settings-routing")).toBeNull();
  });
  it("change how a group assigns", async () => {
    const fixture = await openRouting();
    const auto = screen.getAllByText("自动派单").at(-1);
    if (!auto) throw new Error("no such choice");
    fireEvent.click(auto);
    await waitFor(() =>
      expect(asked(fixture, "routing.configure")).toMatchObject([
        {
          args: {
            setting: {
              kind: "group",
              group_id: "0190f000-0000-7000-8000-000000000002",
              assign: { kind: "auto", accept_ms: 30_000 },
            },
          },
        },
      ]),
    );
  });
  it("take skills that can be read, and no others", async () => {
    const fixture = await openRouting();
    const field = screen.getByTestId("agent-skills");
    type(field, "售前 八十");
    fireEvent.submit(field);
    type(field, "售前 90，售后 40");
    fireEvent.submit(field);
    await waitFor(() =>
      expect(asked(fixture, "routing.configure")).toMatchObject([
        {
          args: {
            setting: {
              kind: "agent",
              skills: [
                { name: "售前", level: 90 },
                { name: "售后", level: 40 },
              ],
            },
          },
        },
      ]),
    );
  });
  it("keep a calendar and use it for all channels", async () => {
    const fixture = await openRouting();
    fireEvent.click(screen.getByTestId("hours-save"));
    await waitFor(() =>
      expect(asked(fixture, "routing.configure")).toMatchObject([
        { args: { setting: { kind: "hours", hours: { name: "客服工作时间" } } } },
      ]),
    );
    fireEvent.click(screen.getByTestId("hours-use"));
    await waitFor(() => expect(asked(fixture, "routing.configure")).toHaveLength(2));
    expect(asked(fixture, "routing.configure")[1]).toMatchObject({
      args: {
        setting: { kind: "inbox_hours", hours_id: "0190f000-0000-7000-8000-000000000021" },
      },
    });
  });
  it("keep a limit of one channel for an agent, and take none beyond the whole", async () => {
    const fixture = await openRouting();
    const field = screen.getAllByTestId("channel-limit").at(-1);
    if (!field) throw new Error("no field");
    type(field, "9");
    expect(field.getAttribute("aria-invalid")).toBe("true");
    fireEvent.submit(field);
    type(field, "3");
    fireEvent.submit(field);
    await waitFor(() =>
      expect(asked(fixture, "routing.configure")).toMatchObject([
        {
          args: {
            setting: {
              kind: "agent",
              capacity: 8,
              capacities: [{ channel: "web", limit: 3 }],
            },
          },
        },
      ]),
    );
  });
  it("keep what a group leaves to everybody, and when those who are gone give back", async () => {
    const fixture = await openRouting();
    const [limit] = screen.getAllByTestId("channel-limit");
    const [minutes] = screen.getAllByTestId("give-back-minutes");
    if (!limit || !minutes) throw new Error("no field");
    type(limit, "");
    type(minutes, "0");
    fireEvent.submit(minutes);
    type(minutes, "10");
    fireEvent.submit(minutes);
    await waitFor(() =>
      expect(asked(fixture, "routing.configure")).toMatchObject([
        {
          args: {
            setting: {
              kind: "group_limits",
              group_id: "0190f000-0000-7000-8000-000000000001",
              capacities: [],
              return_after_ms: 600_000,
            },
          },
        },
      ]),
    );
  });
  it("give a channel its calendar", async () => {
    const fixture = await openRouting();
    fireEvent.change(screen.getByTestId("inbox-hours"), { target: { value: "always" } });
    await waitFor(() =>
      expect(asked(fixture, "routing.configure")).toMatchObject([
        { args: { setting: { kind: "inbox_hours", hours_id: null } } },
      ]),
    );
  });
  it("are open to a lead, as far as they are theirs", async () => {
    const { routing } = sampleData(Date.now());
    const { session } = sampleData(Date.now());
    if (session.phase !== "ready") throw new Error("the sample desk is not open");
    await openDesk({
      session: { ...session, me: { ...session.me, role: "team_lead" } },
      routing: { ...routing, settings: { ...routing.settings, may_all: false } },
    });
    fireEvent.click(await screen.findByTestId("room-settings"));
    fireEvent.click(await screen.findByTestId("settings-routing"));
    await screen.findByTestId("routing-settings");
    expect(screen.getAllByTestId("group-limits")).toHaveLength(2);
    expect(screen.queryByTestId("hours")).toBeNull();
    expect(screen.queryByText("自动派单")).toBeNull();
  });
});
