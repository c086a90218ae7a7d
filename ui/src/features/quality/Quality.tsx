import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/ipc/queries";
import { Room } from "@/kit/Room";
import { Tabs } from "@/kit/Tabs";
import { type QualityTab, useRoutes } from "@/routes";
import { Forms } from "./forms/Forms";
import { Mine } from "./mine/Mine";
import { Months } from "./months/Months";
import { Reviews } from "./review/Reviews";
import { Rules } from "./rules/Rules";
import { Surveys } from "./surveys/Surveys";

const PANEL = "quality-panel";

/** Quality: what leads score, what it is scored by, and how one's own work came out. */
export const Quality: FC = () => {
  const { t } = useTranslation();
  const role = useMe()?.role;
  const { qualityTab, showQuality } = useRoutes();
  const tabs: QualityTab[] =
    role === "team_lead" || role === "admin"
      ? ["reviews", "calibrate", "months", "mine", "surveys", "forms", "rules"]
      : ["mine", "surveys"];
  const tab = tabs.find((id) => id === qualityTab) ?? tabs[0] ?? "mine";
  return (
    <Room
      title={t("quality.title")}
      testId="quality"
      head={
        <Tabs
          label={t("quality.title")}
          panelId={PANEL}
          testId="quality"
          value={tab}
          onChange={showQuality}
          items={tabs.map((id) => ({ id, label: t(`quality.tab.${id}`) }))}
        />
      }
    >
      <div id={PANEL} role="tabpanel" aria-label={t(`quality.tab.${tab}`)}>
        {tab === "reviews" && <Reviews key="reviews" />}
        {tab === "calibrate" && <Reviews key="calibrate" calibrates />}
        {tab === "months" && <Months />}
        {tab === "mine" && <Mine />}
        {tab === "surveys" && <Surveys />}
        {tab === "forms" && <Forms />}
        {tab === "rules" && <Rules />}
      </div>
    </Room>
  );
};
