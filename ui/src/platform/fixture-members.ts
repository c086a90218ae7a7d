import type { MemberGroup } from "@/ipc/generated/MemberGroup";
import type { MemberSeen } from "@/ipc/generated/MemberSeen";
import type { MembersView } from "@/ipc/generated/MembersView";
import type { MemberView } from "@/ipc/generated/MemberView";
import { uuidv7 } from "@/lib/uuid";
import type { Data, Handlers } from "./fixture";
import { RpcError } from "./platform";

type Names = Extract<keyof Handlers, `members.${string}`>;

const AFTER = "0190f000-0000-7000-8000-000000000001";
const BEFORE = "0190f000-0000-7000-8000-000000000002";
const PASSWORD = "7K3M-Q9XW-2HTD-V5RB";

const member = (n: number, more: Partial<MemberView>): MemberView => ({
  id: `0190d000-0000-7000-8000-00000000000${n}`,
  username: `user${n}`,
  name: "",
  role: "agent",
  groups: [],
  skills: [],
  active: true,
  presence: "offline",
  seen_at: null,
  is_me: false,
  is_last_admin: false,
  ...more,
});

/** Development and tests only: the accounts of the sample shop. */
export const someMembers = (now: number): MembersView => ({
  members: [
    member(1, {
      username: "wang.xiaotong",
      name: "王晓彤",
      role: "admin",
      groups: [AFTER],
      presence: "online",
      seen_at: now,
      is_me: true,
      is_last_admin: true,
    }),
    member(2, {
      username: "lina",
      name: "李娜",
      role: "team_lead",
      groups: [AFTER, BEFORE],
      skills: [{ name: "售前", level: 80 }],
      presence: "busy",
      seen_at: now,
    }),
    member(3, {
      username: "zhaomin",
      name: "赵敏",
      groups: [BEFORE],
      seen_at: now - 86_400_000,
    }),
    member(4, { username: "zhouyang", name: "周洋", groups: [AFTER], active: false }),
    member(5, { username: "欧阳雪", name: "欧阳雪" }),
  ],
  groups: [
    { id: AFTER, name: "售后一组", categories: ["售后"] },
    { id: BEFORE, name: "售前组", categories: ["售前"] },
  ],
});

/** The commands of accounts and groups, on what is in memory. */
export function memberHandlers(data: Data): Pick<Handlers, Names> {
  const refuse = (code: "taken" | "not_found" | "changed_meanwhile") => {
    throw new RpcError(code, "", false, "");
  };
  const change = (id: string, more: Partial<MemberView>): MembersView => {
    const { members } = data.members;
    if (!members.some((one) => one.id === id)) refuse("not_found");
    const changed = members.map((one) => (one.id === id ? { ...one, ...more } : one));
    data.members = { ...data.members, members: changed };
    return data.members;
  };
  const keep = (group: MemberGroup): MembersView => {
    const { groups } = data.members;
    const others = groups.filter(({ id }) => id !== group.id);
    if (others.some(({ name }) => name === group.name)) refuse("taken");
    const isKnown = others.length < groups.length;
    const kept = isKnown
      ? groups.map((one) => (one.id === group.id ? group : one))
      : [...groups, group];
    data.members = { ...data.members, groups: kept };
    return data.members;
  };
  return {
    "members.list": () => data.members,
    "members.create": ({ username, ...rest }) => {
      const { members } = data.members;
      const called = username.toLowerCase();
      if (members.some((one) => one.username === called)) refuse("taken");
      const made = member(0, { ...rest, id: uuidv7(), username: called });
      data.members = { ...data.members, members: [...members, made] };
      return { agent_id: made.id, password: PASSWORD, all: data.members };
    },
    "members.edit": ({ agent_id, seen, ...rest }) => {
      const now = data.members.members.find(({ id }) => id === agent_id);
      const keeps = ({ name, role, groups, skills }: MemberSeen) =>
        JSON.stringify([name, role, groups.toSorted(), skills]);
      if (now && keeps(now) !== keeps(seen)) refuse("changed_meanwhile");
      return change(agent_id, rest);
    },
    "members.password": ({ agent_id }) => ({
      agent_id,
      password: PASSWORD,
      all: change(agent_id, { presence: "offline" }),
    }),
    "members.active": ({ agent_id, active }) => change(agent_id, { active, presence: "offline" }),
    "members.own_password": () => ({}),
    "members.group_create": (group) => keep({ id: uuidv7(), ...group }),
    "members.group_edit": ({ group_id, ...rest }) => keep({ id: group_id, ...rest }),
  };
}
