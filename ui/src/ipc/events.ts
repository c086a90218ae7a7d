import type { QueryClient } from "@tanstack/react-query";
import { create } from "zustand";
import { useTransfers } from "./files";
import type { AlertId } from "./generated/AlertId";
import type { ConversationId } from "./generated/ConversationId";
import type { Doing } from "./generated/Doing";
import type { NoticeCode } from "./generated/NoticeCode";
import type { TicketId } from "./generated/TicketId";
import type { TicketNews } from "./generated/TicketNews";
import type { UiEvent } from "./generated/UiEvent";
import { invalidate, keys } from "./keys";

const TYPING_MS = 6_000;

type Typing = {
  until: Record<ConversationId, number>;
  mark: (id: ConversationId, until: number) => void;
};

/** Who is typing, and until when to believe it. */
export const useTyping = create<Typing>((set) => ({
  until: {},
  mark: (id, until) =>
    set((state) => {
      // Every change of every conversation comes by here: those that nobody types in leave no trace.
      if (until === 0 && !(id in state.until)) return state;
      const now = Date.now();
      const others = Object.entries(state.until).filter(([of, end]) => of !== id && end > now);
      return { until: Object.fromEntries(until === 0 ? others : [...others, [id, until]]) };
    }),
}));

const COLLEAGUE_MS = 45_000;

type Here = Record<string, { until: number; typing: number; isLead: boolean }>;
type ColleaguesHere = {
  seen: Record<ConversationId, Here>;
  note: (id: ConversationId, name: string, doing: Doing, now: number, isLead?: boolean) => void;
};

/** Which colleagues look at which conversation, and until when to believe it. */
export const useColleaguesHere = create<ColleaguesHere>((set) => ({
  seen: {},
  note: (id, name, doing, now, isLead = false) =>
    set(({ seen }) => {
      const { [id]: here = {}, ...elsewhere } = seen;
      const { [name]: before, ...others } = here;
      if (doing === "gone")
        return {
          seen: Object.keys(others).length > 0 ? { ...elsewhere, [id]: others } : elsewhere,
        };
      const typing = doing === "typing" ? now + TYPING_MS : (before?.typing ?? 0);
      return {
        seen: {
          ...elsewhere,
          [id]: { ...others, [name]: { until: now + COLLEAGUE_MS, typing, isLead } },
        },
      };
    }),
}));

type Listeners = {
  onOpenAlert: (id: AlertId) => void;
  onAlert: (alert: Extract<UiEvent, { kind: "alert" }>) => void;
  onOpen: (id: ConversationId) => void;
  onOpenTicket: (id: TicketId) => void;
  onNotice: (code: NoticeCode) => void;
  onTicket: (id: TicketId, number: string, news: TicketNews) => void;
};

/** What one event does to the cache of the window. */
export function handle(client: QueryClient, event: UiEvent, listeners: Listeners): void {
  switch (event.kind) {
    case "changed":
      invalidate(client, event.tags);
      // What was being typed has been sent, or somebody else wrote; a new word will tell.
      for (const tag of event.tags)
        if (tag.tag === "conversation") useTyping.getState().mark(tag.id, 0);
      break;
    case "connection": {
      const { kind: _, ...connection } = event;
      client.setQueryData(keys.connection, connection);
      break;
    }
    case "session": {
      const { kind: _, ...session } = event;
      client.setQueryData(keys.session, session);
      break;
    }
    case "customer_typing": {
      const until = Date.now() + TYPING_MS;
      useTyping.getState().mark(event.conversation_id, until);
      break;
    }
    case "colleague": {
      const { conversation_id, name, doing, is_lead } = event;
      useColleaguesHere.getState().note(conversation_id, name, doing, Date.now(), is_lead);
      break;
    }
    case "open":
      listeners.onOpen(event.conversation_id);
      break;
    case "open_ticket":
      listeners.onOpenTicket(event.ticket_id);
      break;
    case "open_alert":
      listeners.onOpenAlert(event.alert_id);
      break;
    case "alert":
      listeners.onAlert(event);
      break;
    case "ticket":
      listeners.onTicket(event.ticket_id, event.number, event.news);
      break;
    case "file": {
      const { file_id, done, total } = event;
      const whole = total === 0 || done >= total;
      useTransfers.getState().mark(file_id, whole ? null : done / total);
      break;
    }
    case "notice":
      listeners.onNotice(event.code);
      break;
  }
}
