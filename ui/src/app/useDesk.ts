import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { create } from "zustand";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import { dropAgents } from "@/ipc/client";
import type { Presence } from "@/ipc/generated/Presence";
import type { Settings } from "@/ipc/generated/Settings";
import { keys } from "@/ipc/keys";
import { useChangeSettings } from "@/ipc/queries";
import { toast } from "@/kit/Notice";
import { RpcError } from "@/platform";
import { useRoutes } from "@/routes";

/** Whether the agent knows that they are offline: they said so, or they have read it. */
export const usePresenceKnown = create<{ known: boolean }>(() => ({ known: false }));

/** What the agent does to the desk itself; failures are told. */
export function useDesk() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const changeSettings = useChangeSettings();
  const told = async (work: Promise<unknown>) => {
    try {
      await work;
    } catch (error) {
      toast("danger", errorText(t, error));
    }
  };
  const session = async (
    work: ReturnType<typeof call<"presence.set" | "session.lock" | "session.logout">>,
  ) => {
    client.setQueryData(keys.session, await work);
  };
  const close = async () => {
    await session(call("session.lock", {}));
    dropAgents(client);
  };
  const lock = async () => {
    try {
      await close();
    } catch (error) {
      if (RpcError.from(error).code !== "needs_passphrase") throw error;
      // Without one anybody could open it again: the way there is shown.
      toast("warning", t("strip.lockNeedsPassphrase"), {
        label: t("strip.addPassphrase"),
        run: () => useRoutes.getState().showSettings("desk"),
      });
    }
  };
  return {
    setPresence: (presence: Presence) => {
      usePresenceKnown.setState({ known: presence === "offline" });
      return told(session(call("presence.set", { presence })));
    },
    lock: () => told(lock()),
    /** The same where nobody sits there who could read why not. */
    lockQuietly: () => close().catch(() => undefined),
    signOut: () => told(session(call("session.logout", {}))),
    change: (settings: Partial<Settings>) => told(changeSettings(settings)),
  };
}
