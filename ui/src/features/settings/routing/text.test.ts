import { describe, expect, it } from "vitest";
import {
  holidaysText,
  periodsText,
  readHolidays,
  readPeriods,
  readSkills,
  readWorkdays,
  skillsText,
  workdaysText,
} from "./text";

describe("the settings of routing as text", () => {
  it("reads periods as they are written, and as people write them", () => {
    const day = [
      { from: 540, to: 720 },
      { from: 780, to: 1_080 },
    ];
    expect(periodsText(day)).toBe("09:00-12:00 13:00-18:00");
    expect(readPeriods(periodsText(day))).toEqual(day);
    expect(readPeriods("9:00至12:00，13:00～18:00")).toEqual(day);
    expect(readPeriods("")).toEqual([]);
    expect(readPeriods("00:00-24:00")).toEqual([{ from: 0, to: 1_440 }]);
  });
  it.each(["9-12", "12:00-09:00", "09:00-12:00 11:00-13:00", "09:00-24:30", "上午"])(
    "refuses %s",
    (text) => expect(readPeriods(text)).toBeNull(),
  );
  it("reads days off and days worked", () => {
    const off = [{ day: "2026-10-01", name: "国庆节" }];
    expect(readHolidays(holidaysText(off))).toEqual(off);
    expect(readHolidays("2026-02-30 没有这天")).toBeNull();
    const worked = [{ day: "2026-10-10", name: "国庆节调休", periods: [{ from: 540, to: 1_080 }] }];
    expect(workdaysText(worked)).toBe("2026-10-10 09:00-18:00 国庆节调休");
    expect(readWorkdays(workdaysText(worked))).toEqual(worked);
    expect(readWorkdays("2026-10-10 国庆节调休")).toBeNull();
  });
  it("reads skills with their levels", () => {
    const skills = [
      { name: "售后", level: 80 },
      { name: "售后/退款", level: 95 },
    ];
    expect(readSkills(skillsText(skills))).toEqual(skills);
    expect(readSkills("投诉:60")).toEqual([{ name: "投诉", level: 60 }]);
    expect(readSkills("")).toEqual([]);
    for (const wrong of ["售后", "售后 101", "80"]) expect(readSkills(wrong), wrong).toBeNull();
  });
});
