import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { sampleData } from "@/platform/fixture";
import { asked, openDesk, type } from "@/test/desk";
import { off, withOther } from "./spans";

const open = async (role: "team_lead" | "admin") => {
  const { session } = sampleData(Date.now());
  if (session.phase !== "ready") throw new Error("the sample desk is not open");
  const fixture = await openDesk({ session: { ...session, me: { ...session.me, role } } });
  fireEvent.click(await screen.findByTestId("room-settings"));
  await screen.findByTestId("settings");
  return fixture;
};
const openSurveys = async () => {
  const fixture = await open("admin");
  fireEvent.click(await screen.findByTestId("settings-surveys"));
  await screen.findByTestId("survey-form");
  return fixture;
};
const inbox_id = "0190f000-0000-7000-8000-000000000031";

describe("the settings of surveys", () => {
  it("are for administrators", async () => {
    await open("team_lead");
    expect(screen.queryByTestId("settings-surveys")).toBeNull();
  });

  it("turn on at once, and leave what is being written out of it", async () => {
    const fixture = await openSurveys();
    type(screen.getByLabelText("问题（中文）"), "还满意吗？");
    fireEvent.click(screen.getByTestId("survey-on"));
    await waitFor(() =>
      expect(asked(fixture, "routing.configure").map(({ args }) => args)).toEqual([
        { setting: { kind: "inbox_survey", inbox_id, survey: { ...off, on: true } } },
      ]),
    );
    expect(screen.getByLabelText<HTMLInputElement>("问题（中文）").value).toBe("还满意吗？");
  });

  it("save wording and times, and no wording that is too long", async () => {
    const fixture = await openSurveys();
    const save = screen.getByTestId<HTMLButtonElement>("survey-save");
    expect(save.disabled).toBe(true);
    type(screen.getByLabelText("问题（中文）"), "长".repeat(81));
    expect(screen.getByText("最多 80 个字")).toBeTruthy();
    expect(save.disabled).toBe(true);
    type(screen.getByLabelText("问题（中文）"), " 还满意吗？ ");
    type(screen.getByTestId("survey-remind"), "never");
    fireEvent.click(save);
    await waitFor(() =>
      expect(asked(fixture, "routing.configure")).toMatchObject([
        {
          args: {
            setting: {
              inbox_id,
              survey: { on: false, question: "还满意吗？", remind_after_ms: null },
            },
          },
        },
      ]),
    );
  });

  it("show a time that none of the choices is", () => {
    expect(withOther([60_000, 10_000], 30_000)).toEqual([10_000, 30_000, 60_000]);
    expect(withOther([60_000], 60_000)).toEqual([60_000]);
  });
});
