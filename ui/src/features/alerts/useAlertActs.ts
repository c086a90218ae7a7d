import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { AlertId } from "@/ipc/generated/AlertId";
import type { AlertsView } from "@/ipc/generated/AlertsView";
import { toast } from "@/kit/Notice";
import { SILENCE_MIN } from "./words";

/** What a lead does with an alert: it counts here at once, and at the server as soon as it is there. */
export function useAlertActs(onError?: (text: string) => void) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const told = async (work: Promise<AlertsView>) => {
    try {
      await work;
      await client.invalidateQueries({ queryKey: ["alerts"] });
    } catch (error) {
      (onError ?? ((text: string) => toast("danger", text)))(errorText(t, error));
    }
  };
  return {
    acknowledge: (id: AlertId) => told(call("alert.acknowledge", { alert_id: id })),
    silence: (id: AlertId, minutes = SILENCE_MIN) =>
      told(call("alert.silence", { alert_id: id, minutes })),
  };
}
