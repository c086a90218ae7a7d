import { useTranslation } from "react-i18next";
import { useSpan } from "@/i18n/useSpan";
import type { RoutingReason } from "@/ipc/generated/RoutingReason";
import { categoryText } from "@/lib/text";

/** Why this agent, in words. */
export function useReason(): (reason: RoutingReason, now: number) => string {
  const { t } = useTranslation();
  const span = useSpan();
  return (reason, now) => {
    switch (reason.kind) {
      case "last_agent":
        return t("routing.why.lastAgent");
      case "skill":
        return t("routing.why.skill", { name: categoryText(reason.name), level: reason.level });
      case "load":
        return t("routing.why.load", { held: reason.held, capacity: reason.capacity });
      case "idle":
        return reason.since === null
          ? t("routing.why.neverBusy")
          : t("routing.why.idle", { span: span(now - reason.since) });
      case "only_one":
        return t("routing.why.onlyOne");
      case "transferred":
        return t("routing.why.transferred", { by: reason.by });
    }
  };
}
