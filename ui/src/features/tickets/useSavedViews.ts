import { useQueryClient } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { AgentId } from "@/ipc/generated/AgentId";
import type { SavedTicketView } from "@/ipc/generated/SavedTicketView";
import type { SavedTicketViews } from "@/ipc/generated/SavedTicketViews";
import { keys } from "@/ipc/keys";
import { useConnection } from "@/ipc/queries";
import { useTicketViews } from "@/ipc/tickets";
import { toast } from "@/kit/Notice";
import { saidUndoable } from "@/parts/undo";
import { RpcError } from "@/platform";
import { forgetOldViews, oldViews } from "./remember";
import { useDesk, viewOf } from "./store";

/** Why a view was not kept. */
function viewError(t: TFunction, error: unknown): string {
  const { code } = RpcError.from(error);
  switch (code) {
    case "bad_request":
    case "too_large":
    case "taken":
    case "not_found":
      return t(`ticket.view.error.${code}`);
    default:
      return errorText(t, error);
  }
}

/** The views of the tickets that the agent saved. What changes one says why it could not, or nothing. */
export function useSavedViews() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const views = useTicketViews().data?.views ?? [];
  const change = async (sent: Promise<SavedTicketViews>): Promise<string | undefined> => {
    try {
      client.setQueryData(keys.ticketViews, await sent);
    } catch (error) {
      return viewError(t, error);
    }
  };
  const saved = (view: SavedTicketView, was: string | null) =>
    change(call("ticket_view.save", { view, was }));
  const bringBack = async (view: SavedTicketView) => {
    const now = client.getQueryData<SavedTicketViews>(keys.ticketViews)?.views ?? [];
    const isTaken = now.some(({ name }) => name === view.name);
    const why = isTaken ? t("ticket.view.error.taken") : await saved(view, null);
    if (why !== undefined) toast("danger", why);
  };
  return {
    views,
    /** Keeps how the room is shown now. One of the same name is replaced. */
    keep: async (name: string) => {
      const why = await saved(viewOf(name, useDesk.getState()), null);
      if (why === undefined) toast("success", t("ticket.view.kept", { name }));
      return why;
    },
    rename: async (view: SavedTicketView, name: string) => {
      const why = await saved({ ...view, name }, view.name);
      if (why === undefined) toast("success", t("ticket.view.renamed", { name }));
      return why;
    },
    drop: async (view: SavedTicketView) => {
      const { name } = view;
      const why = await change(call("ticket_view.drop", { name }));
      if (why !== undefined) toast("danger", why);
      else
        saidUndoable(useDesk, {
          tone: "success",
          text: t("ticket.view.dropped", { name }),
          label: t("property.undo"),
          ids: [],
          back: () => void bringBack(view),
        });
    },
  };
}

/**
 * Views were once kept by each window alone: those that are here become the agent's own, once, where
 * they have none of that name. A desk that has not been in step with the server in this run may not know
 * of views that there are.
 */
export function useCarriedViews(who: AgentId | undefined): void {
  const { t } = useTranslation();
  const client = useQueryClient();
  const isOnline = useConnection().data?.state === "online";
  const [wasOnline, setWasOnline] = useState(false);
  if (isOnline && !wasOnline) setWasOnline(true);
  useEffect(() => {
    if (who === undefined || !wasOnline) return;
    let stopped = false;
    const carry = async () => {
      const old = oldViews(who);
      if (old.length === 0) return forgetOldViews(who);
      const { views } = await call("ticket_view.list", {});
      const known = new Set(views.map(({ name }) => name));
      const left: string[] = [];
      for (const view of old.filter(({ name }) => !known.has(name))) {
        if (stopped) return;
        try {
          const kept = await call("ticket_view.save", { view, was: null });
          client.setQueryData(keys.ticketViews, kept);
        } catch (error) {
          const { code } = RpcError.from(error);
          if (code !== "bad_request" && code !== "too_large") throw error;
          left.push(view.name);
        }
      }
      if (stopped) return;
      forgetOldViews(who);
      if (left.length > 0)
        toast("warning", t("ticket.view.left", { names: left.join(t("ticket.view.and")) }));
    };
    // What could not be carried now stays where it is until the room is opened again.
    carry().catch(() => undefined);
    return () => {
      stopped = true;
    };
  }, [who, wasOnline, t, client]);
}
