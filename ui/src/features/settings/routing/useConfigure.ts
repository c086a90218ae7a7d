import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { Setting } from "@/ipc/generated/Setting";
import { keys } from "@/ipc/keys";
import { toast } from "@/kit/Notice";

/** Changes settings of routing, one after the other. They hold once the server has them. */
export function useConfigure(): (...settings: Setting[]) => Promise<boolean> {
  const { t } = useTranslation();
  const client = useQueryClient();
  return async (...settings) => {
    try {
      for (const setting of settings) await call("routing.configure", { setting });
      toast("success", t("routingSettings.sent"));
      return true;
    } catch (error) {
      toast("danger", errorText(t, error));
      return false;
    } finally {
      await client.invalidateQueries({ queryKey: keys.routing });
    }
  };
}
