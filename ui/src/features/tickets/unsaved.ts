import { create } from "zustand";
import type { GroupId } from "@/ipc/generated/GroupId";
import type { Priority } from "@/ipc/generated/Priority";
import type { TicketId } from "@/ipc/generated/TicketId";
import type { TicketTypeId } from "@/ipc/generated/TicketTypeId";
import { ofAgent } from "@/lib/agent";
import type { Typed } from "./form";

/** What the agent has written so far; what they have not touched is what the conversation has. */
export type Written = {
  type: TicketTypeId | null;
  title?: string;
  priority?: Priority;
  department?: GroupId;
  note?: string;
  values: Typed;
};

export const NOTHING: Written = { type: null, values: {} };

type Unsaved = {
  /** Notes that are being written, by the ticket. */
  notes: Record<TicketId, string>;
  /** Tickets that are being written, by the conversation; "" where they come from none. */
  forms: Record<string, Written>;
  writeNote: (id: TicketId, text: string) => void;
  /** It was saved, unless more was written meanwhile. */
  noteSaved: (id: TicketId, text: string) => void;
  writeForm: (key: string, change: (before: Written) => Written) => void;
  dropForm: (key: string) => void;
};

/** What is written about tickets outlives a dialog that closes and a ticket that is left. */
export const useUnsaved = create<Unsaved>((set) => ({
  notes: {},
  forms: {},
  writeNote: (id, text) => set(({ notes }) => ({ notes: { ...notes, [id]: text } })),
  noteSaved: (id, text) =>
    set(({ notes }) => {
      const { [id]: now, ...others } = notes;
      return now === text ? { notes: others } : {};
    }),
  writeForm: (key, change) =>
    set(({ forms }) => ({ forms: { ...forms, [key]: change(forms[key] ?? NOTHING) } })),
  dropForm: (key) =>
    set(({ forms: { [key]: _, ...forms } }) => ({
      forms,
    })),
}));
ofAgent(useUnsaved);

/** Whether there is more than a chosen type. */
export const isWritten = ({ type: _, values, ...rest }: Written): boolean =>
  Object.keys(values).length > 0 || Object.keys(rest).length > 0;
