import { useTranslation } from "react-i18next";
import type { MetricsBy } from "@/ipc/generated/MetricsBy";
import type { MetricsTableRow } from "@/ipc/generated/MetricsTableRow";
import { categoryText } from "@/lib/text";

const CHANNELS = ["web", "webhook", "wechat_oa", "wecom_kf", "email", "voice"] as const;

/** How a value of a dimension is called. */
export function useLabel(): (
  by: MetricsBy,
  row: Pick<MetricsTableRow, "value" | "label">,
) => string {
  const { t } = useTranslation();
  return (by, { value, label }) => {
    if (value === "") return t("metrics.unknown");
    const channel = by === "channel" && CHANNELS.find((each) => each === value);
    if (channel) return t(`channel.${channel}`);
    return by === "category" ? categoryText(label) : label;
  };
}
