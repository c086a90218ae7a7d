// Departments and tickets of the sample shop, made by its people at their desks.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { ROOT, until } from "./process.mjs";

const FILE = path.join(ROOT, "crates/lt-backoffice/sample-shop/tickets.jsonl");
const DAY_MS = 86_400_000;
/** Departments that tickets go to, beside the groups that answer customers. */
export const DEPARTMENTS = ["物流组", "财务组"];
/** Who works there. */
export const LOGISTICS = {
  username: "chenhai",
  name: "陈海",
  password: "demo-agent-passphrase",
  groups: ["物流组"],
};
export const FINANCE = {
  username: "zhanglei",
  name: "张磊",
  password: "demo-agent-passphrase",
  groups: ["财务组"],
};

/** The tickets of the sample shop. */
export function tickets() {
  return readFileSync(FILE, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line));
}

/** A desk that has what the server has by now. */
async function settled(desk) {
  await until("everything is sent", async () => {
    const { state, pending } = await desk.rpc("connection.get", {});
    return state === "online" && pending === 0;
  });
}

async function sees(desk, id, right) {
  await until("the ticket is there", async () => {
    try {
      return right(await desk.rpc("ticket.get", { ticket_id: id }));
    } catch {
      return false;
    }
  });
}

/** Does one step of a ticket's story. */
async function take(desk, id, step, departments) {
  const ticket_id = id;
  const note = step.note ?? "";
  switch (step.do) {
    case "claim":
      return desk.rpc("ticket.claim", { ticket_id });
    case "comment":
      return desk.rpc("ticket.comment", { ticket_id, text: step.text, mentions: [] });
    case "transfer": {
      const { id: department_id } = departments.find(({ name }) => name === step.to);
      return desk.rpc("ticket.transfer", {
        ticket_id,
        department_id,
        returns: step.returns ?? false,
        note,
      });
    }
    case "return":
      return desk.rpc("ticket.return", { ticket_id, note });
    case "move":
      return desk.rpc("ticket.move", {
        ticket_id,
        from: step.from,
        to: step.to,
        note,
        until: step.days ? Date.now() + step.days * DAY_MS : null,
      });
    case "verify":
      return desk.rpc("ticket.verify", { ticket_id, ok: step.ok, note });
    case "patch": {
      const { fields } = await desk.rpc("ticket.get", { ticket_id });
      const values = Object.entries(step.values).map(([key, to]) => ({
        key,
        rev: fields.find(({ field }) => field.key === key).rev,
        to,
      }));
      return desk.rpc("ticket.patch", { ticket_id, title: null, priority: null, values });
    }
    default:
      throw new Error(`no such step: ${step.do}`);
  }
}

/**
 * Fills the board. `desks`: who acts as `care`, `logistics` and `finance`, each with `rpc(name, args)`.
 * `conversations`: ids by dialogue, for tickets that came from one. Gives ids by the names of the file.
 */
export async function fillBoard(desks, conversations = {}) {
  const { departments, types } = await until("the types are there", async () => {
    const choices = await desks.care.rpc("ticket.choices", {});
    return choices.types.length > 0 && choices;
  });
  const made = {};
  for (const one of tickets()) {
    const id = randomUUID();
    const type = types.find(({ name }) => name === one.type);
    await desks.care.rpc("ticket.create", {
      ticket_id: id,
      type_id: type.id,
      title: one.title,
      priority: one.priority,
      department_id: null,
      conversation_id: conversations[one.dialogue] ?? null,
      values: one.values,
      note: "",
    });
    await settled(desks.care);
    let last = desks.care;
    for (const step of one.then) {
      const desk = desks[step.as];
      if (desk !== last) {
        await settled(last);
        const mine = new Set(departments.filter(({ mine }) => mine).map(({ name }) => name));
        await sees(desk, id, ({ row }) => desk !== desks.care || mine.has(row.department));
      }
      try {
        await take(desk, id, step, departments);
      } catch (error) {
        // A return takes the ticket away from the desk that asked.
        if (step.do !== "return" && step.do !== "transfer") throw error;
      }
      last = desk;
    }
    await settled(last);
    made[one.id] = id;
  }
  return made;
}
