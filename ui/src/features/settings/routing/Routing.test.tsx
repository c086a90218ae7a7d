import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { sampleData } from "@/platform/fixture";
import { asked, openDesk, type } from "@/test/desk";

const open = async (role: "agent" | "admin") => {
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
});
