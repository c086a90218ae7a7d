import { useTranslation } from "react-i18next";
import { span } from "@/lib/time";

/** A length of time in words. */
export function useSpan(): (ms: number) => string {
  const { t } = useTranslation();
  return (ms) => {
    const length = span(ms);
    if (length.unit === "clock") return length.text;
    return length.unit === "hours"
      ? t("time.hours", { n: length.n })
      : t("time.days", { n: length.n });
  };
}
