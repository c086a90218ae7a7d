import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { RpcError } from "@/platform";
import { type Fixture, sampleData } from "@/platform/fixture";
import { asked, openDesk, type } from "@/test/desk";

afterEach(() => vi.unstubAllGlobals());

const open = async (role: "agent" | "team_lead" | "admin") => {
  const { session } = sampleData(Date.now());
  if (session.phase !== "ready") throw new Error("the sample desk is not open");
  const fixture = await openDesk({ session: { ...session, me: { ...session.me, role } } });
  fireEvent.click(await screen.findByTestId("room-settings"));
  await screen.findByTestId("settings");
  return fixture;
};
const openMembers = async () => {
  const fixture = await open("admin");
  fireEvent.click(await screen.findByTestId("settings-members"));
  await screen.findAllByTestId("member-row");
  return fixture;
};
const openMember = async (name: string) => {
  const rows = await screen.findAllByTestId("member-row");
  const row = rows.find((one) => one.textContent?.includes(name));
  if (!row) throw new Error(`no ${name}`);
  fireEvent.click(row);
  return await screen.findByTestId("member-form");
};
const lastOf = (fixture: Fixture, name: Parameters<typeof asked>[1]) =>
  asked(fixture, name).at(-1)?.args;
const isDisabled = (id: string) => screen.getByTestId(id).matches(":disabled");

describe("members and groups", () => {
  it.each(["agent", "team_lead"] as const)("are not there for %s", async (role) => {
    const fixture = await open(role);
    expect(screen.queryByTestId("settings-members")).toBeNull();
    expect(asked(fixture, "members.list")).toEqual([]);
  });
  it("shows who there is, those without access last, and finds by name, user name, role and group", async () => {
    await openMembers();
    const names = () => screen.queryAllByTestId("member-row").map((row) => row.textContent ?? "");
    expect(names()).toHaveLength(5);
    expect(names().at(-1)).toMatch(/周洋.*已停用/);
    for (const [words, found] of [
      ["李", "李娜"],
      ["ZHAOMIN", "赵敏"],
      ["班组长", "李娜"],
      ["欧阳", "欧阳雪"],
    ] as const) {
      type(screen.getByTestId("members-find"), words);
      await waitFor(() => expect(names()).toHaveLength(1));
      expect(names()[0]).toContain(found);
    }
    type(screen.getByTestId("members-find"), "没有这个人");
    await waitFor(() => expect(names()).toHaveLength(0));
    expect(screen.getByText("没有符合的成员。")).toBeTruthy();
  });
  it("makes a member, shows the password once, and copies it", async () => {
    const writeText = vi.fn(async () => undefined);
    vi.stubGlobal("navigator", { ...navigator, platform: "Linux", clipboard: { writeText } });
    const fixture = await openMembers();
    fireEvent.click(screen.getByTestId("member-new"));
    const form = within(await screen.findByTestId("member-form"));
    type(form.getByTestId("member-name"), " 孙倩 ");
    type(form.getByTestId("member-username"), "sun qian");
    fireEvent.click(form.getByTestId("member-save"));
    expect(form.getByTestId("member-username").getAttribute("aria-invalid")).toBe("true");
    expect(asked(fixture, "members.create")).toEqual([]);
    type(form.getByTestId("member-username"), "SunQian");
    type(form.getByTestId("member-skills"), "售后 90");
    const [first] = form.getAllByTestId("member-group");
    if (first) fireEvent.click(first);
    fireEvent.click(form.getByTestId("member-save"));
    const secret = await screen.findByTestId("secret-text");
    expect(secret.textContent).toBe("7K3M-Q9XW-2HTD-V5RB");
    expect(lastOf(fixture, "members.create")).toEqual({
      name: "孙倩",
      username: "SunQian",
      role: "agent",
      groups: ["0190f000-0000-7000-8000-000000000001"],
      skills: [{ name: "售后", level: 90 }],
    });
    // What was not taken yet is not lost by a key.
    fireEvent.keyDown(secret, { key: "Escape" });
    expect(screen.getByTestId("secret-text")).toBe(secret);
    fireEvent.click(screen.getByTestId("secret-copy"));
    await waitFor(() => expect(writeText).toHaveBeenCalledWith("7K3M-Q9XW-2HTD-V5RB"));
    fireEvent.click(screen.getByTestId("secret-done"));
    await waitFor(() => expect(screen.queryByTestId("secret-text")).toBeNull());
    expect(screen.getAllByTestId("member-row")).toHaveLength(6);
  });
  it("says where a name is taken, and keeps what was written", async () => {
    await openMembers();
    fireEvent.click(screen.getByTestId("member-new"));
    const form = within(await screen.findByTestId("member-form"));
    type(form.getByTestId("member-name"), "李娜二号");
    type(form.getByTestId("member-username"), "LINA");
    fireEvent.click(form.getByTestId("member-save"));
    await form.findByText("这个名字已有人用，换一个。");
    expect(form.getByTestId("member-name")).toHaveProperty("value", "李娜二号");
  });
  it("changes name, role, groups and skills", async () => {
    const fixture = await openMembers();
    const form = within(await openMember("赵敏"));
    type(form.getByTestId("member-name"), "赵小敏");
    fireEvent.change(form.getByTestId("member-role"), { target: { value: "team_lead" } });
    for (const box of form.getAllByTestId("member-group")) fireEvent.click(box);
    type(form.getByTestId("member-skills"), "售后");
    fireEvent.click(form.getByTestId("member-save"));
    expect(form.getByTestId("member-skills").getAttribute("aria-invalid")).toBe("true");
    type(form.getByTestId("member-skills"), "售后 70");
    fireEvent.click(form.getByTestId("member-save"));
    await waitFor(() => expect(screen.queryByTestId("member-form")).toBeNull());
    expect(lastOf(fixture, "members.edit")).toMatchObject({
      name: "赵小敏",
      role: "team_lead",
      groups: ["0190f000-0000-7000-8000-000000000001"],
      skills: [{ name: "售后", level: 70 }],
    });
    expect(screen.getByText("赵小敏")).toBeTruthy();
  });
  it("does not take back what somebody changed while the form was open", async () => {
    const fixture = await openMembers();
    const form = within(await openMember("赵敏"));
    const { data } = fixture;
    const { members } = data.members;
    const changed = members.map((one) =>
      one.name === "赵敏" ? { ...one, role: "team_lead" as const } : one,
    );
    data.members = { ...data.members, members: changed };
    type(form.getByTestId("member-name"), "赵小敏");
    fireEvent.click(form.getByTestId("member-save"));
    await form.findByText(/别人刚改过这个成员/);
    expect(lastOf(fixture, "members.edit")).toMatchObject({
      seen: { name: "赵敏", role: "agent", groups: ["0190f000-0000-7000-8000-000000000002"] },
    });
    expect(form.getByTestId("member-name")).toHaveProperty("value", "赵小敏");
    expect(data.members.members).toEqual(changed);
  });
  it("takes access away after a question, and gives it back by one press", async () => {
    const fixture = await openMembers();
    const form = within(await openMember("李娜"));
    fireEvent.click(form.getByTestId("member-deactivate"));
    expect(asked(fixture, "members.active")).toEqual([]);
    fireEvent.click(form.getByTestId("member-sure"));
    await waitFor(() => expect(lastOf(fixture, "members.active")).toMatchObject({ active: false }));
    fireEvent.click(await screen.findByText("启用"));
    await waitFor(() => expect(lastOf(fixture, "members.active")).toMatchObject({ active: true }));
  });
  it("gives another password after a question", async () => {
    const fixture = await openMembers();
    const form = within(await openMember("欧阳雪"));
    fireEvent.click(form.getByTestId("member-password"));
    fireEvent.click(form.getByTestId("member-sure"));
    await screen.findByTestId("secret-text");
    expect(asked(fixture, "members.password")).toHaveLength(1);
  });
  it("leaves one's own access and the last administrator's role alone", async () => {
    await openMembers();
    await openMember("王晓彤");
    expect(isDisabled("member-role")).toBe(true);
    expect(screen.queryByTestId("member-deactivate")).toBeNull();
    expect(screen.queryByTestId("member-password")).toBeNull();
  });
  it("says it when the server is away, and keeps what is written", async () => {
    const fixture = await openMembers();
    const form = within(await openMember("赵敏"));
    fixture.refuse("members.edit", new RpcError("offline", "", true, ""));
    type(form.getByTestId("member-name"), "赵小敏");
    fireEvent.click(form.getByTestId("member-save"));
    await form.findByText(/连不上服务器/);
    expect(form.getByTestId("member-name")).toHaveProperty("value", "赵小敏");
  });
  it("is a state without the server", async () => {
    const fixture = await open("admin");
    fixture.refuse("members.list", new RpcError("offline", "", true, ""));
    fireEvent.click(await screen.findByTestId("settings-members"));
    const trouble = await screen.findByTestId("members-trouble");
    expect(trouble.textContent).toContain("连上服务器后");
  });
  it("makes and renames groups", async () => {
    const fixture = await openMembers();
    fireEvent.click(screen.getByTestId("group-new"));
    const made = within(await screen.findByTestId("group-form"));
    type(made.getByTestId("group-name"), "售前组");
    type(made.getByTestId("group-categories"), "物流、 发票，物流");
    fireEvent.click(made.getByTestId("group-save"));
    await made.findByText("名称或分类已有别的组用，换一个。");
    const n = asked(fixture, "members.group_create").length;
    type(made.getByTestId("group-name"), "物流组");
    for (const [typed, said] of [
      ["物流/催件", "“物流/催件”不是一级分类，不要带“/”。"],
      ["物流、售前", "“售前”已由售前组负责，先在那里去掉。"],
      ["长".repeat(65), "每个分类最多 64 个字"],
      [Array.from({ length: 51 }, (_, at) => `类${at}`).join("、"), "最多 50 个分类"],
    ] as const) {
      type(made.getByTestId("group-categories"), typed);
      fireEvent.click(made.getByTestId("group-save"));
      expect(made.getByText(said)).toBeTruthy();
    }
    expect(asked(fixture, "members.group_create")).toHaveLength(n);
    type(made.getByTestId("group-categories"), "物流、 发票，物流");
    fireEvent.click(made.getByTestId("group-save"));
    await waitFor(() => expect(screen.queryByTestId("group-form")).toBeNull());
    expect(lastOf(fixture, "members.group_create")).toEqual({
      name: "物流组",
      categories: ["物流", "发票"],
    });
    expect(screen.getAllByTestId("group-edit")).toHaveLength(3);
    const [edit] = screen.getAllByTestId("group-edit");
    if (edit) fireEvent.click(edit);
    const form = within(await screen.findByTestId("group-form"));
    type(form.getByTestId("group-name"), "售后二组");
    fireEvent.click(form.getByTestId("group-save"));
    await waitFor(() => expect(screen.queryByTestId("group-form")).toBeNull());
    expect(lastOf(fixture, "members.group_edit")).toEqual({
      group_id: "0190f000-0000-7000-8000-000000000001",
      name: "售后二组",
      categories: ["售后"],
    });
  });
});

describe("one's own password", () => {
  it("is changed for the present one, by everybody", async () => {
    const fixture = await open("agent");
    fireEvent.click(await screen.findByTestId("own-password"));
    const form = within(await screen.findByTestId("own-password-form"));
    type(form.getByTestId("own-present"), "present password");
    type(form.getByTestId("own-next"), "short");
    type(form.getByTestId("own-again"), "short");
    fireEvent.click(form.getByTestId("own-save"));
    expect(form.getByTestId("own-next").getAttribute("aria-invalid")).toBe("true");
    const long = "一二三四".repeat(32);
    for (const [typed, fits] of [
      [`${long}五`, false],
      [long, true],
      ["十一个字的口令不够长呀", false],
    ] as const) {
      type(form.getByTestId("own-next"), typed);
      expect(form.getByTestId("own-next").hasAttribute("aria-invalid"), typed).toBe(!fits);
    }
    form.getByText("12 到 128 个字");
    type(form.getByTestId("own-next"), "口令由自己来定，十二个字以上");
    fireEvent.click(form.getByTestId("own-save"));
    expect(form.getByTestId("own-again").getAttribute("aria-invalid")).toBe("true");
    expect(asked(fixture, "members.own_password")).toEqual([]);
    type(form.getByTestId("own-again"), "口令由自己来定，十二个字以上");
    fixture.refuse("members.own_password", new RpcError("wrong_password", "", false, ""));
    fireEvent.click(form.getByTestId("own-save"));
    await form.findByText("现在的密码不对。");
    fireEvent.click(form.getByTestId("own-save"));
    await waitFor(() => expect(screen.queryByTestId("own-password-form")).toBeNull());
    expect(lastOf(fixture, "members.own_password")).toEqual({
      present: "present password",
      new: "口令由自己来定，十二个字以上",
    });
  });
});
