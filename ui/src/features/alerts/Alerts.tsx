import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { useAction } from "@/hotkeys";
import { useAlerts } from "@/ipc/alerts";
import { useMe } from "@/ipc/queries";
import { Room } from "@/kit/Room";
import { Tabs } from "@/kit/Tabs";
import { type AlertsTab, useRoutes } from "@/routes";
import { Delivery } from "./delivery/Delivery";
import { LiveList } from "./LiveList";
import { Prefs } from "./Prefs";
import { Rules } from "./rules/Rules";

const PANEL = "alerts-panel";

/** Alerts: what is wrong now, the rules that say so, and how people are told. */
export const Alerts: FC = () => {
  const { t } = useTranslation();
  const { alertsTab, showAlerts, go } = useRoutes();
  const { data } = useAlerts("open");
  const isAdmin = useMe()?.role === "admin";
  const tabs: { id: AlertsTab; label: string; count?: number }[] = [
    { id: "list", label: t("alerts.tab.list"), count: data?.n_firing ?? 0 },
    { id: "rules", label: t("alerts.tab.rules") },
    ...(isAdmin ? [{ id: "delivery" as const, label: t("alerts.tab.delivery") }] : []),
    { id: "mine", label: t("alerts.tab.mine") },
  ];
  const tab = tabs.find(({ id }) => id === alertsTab)?.id ?? "list";
  useAction("metrics", () => go("metrics"));
  return (
    <Room
      title={t("alerts.title")}
      testId="alerts"
      head={
        <Tabs
          label={t("alerts.title")}
          panelId={PANEL}
          testId="alerts"
          value={tab}
          onChange={showAlerts}
          items={tabs}
        />
      }
    >
      <div id={PANEL} role="tabpanel" aria-label={t(`alerts.tab.${tab}`)}>
        {tab === "list" && <LiveList />}
        {tab === "rules" && <Rules />}
        {tab === "delivery" && <Delivery />}
        {tab === "mine" && <Prefs />}
      </div>
    </Room>
  );
};
