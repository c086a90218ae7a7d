import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyText } from "@/hotkeys";
import { useAlerts } from "@/ipc/alerts";
import { IconButton } from "@/kit/Button";
import { EmptyState } from "@/kit/EmptyState";
import { Tabs } from "@/kit/Tabs";
import { useRoutes } from "@/routes";
import { AlertCard } from "./AlertCard";
import css from "./Alerts.module.css";

const PANEL = "alerts-pane";

/** The alerts beside the numbers. */
export const AlertsPane: FC = () => {
  const { t } = useTranslation();
  const { data } = useAlerts("all");
  const { openAlert, showAlerts } = useRoutes();
  const [tab, setTab] = useState<"firing" | "done">("firing");
  const alerts = data?.alerts ?? [];
  const shown = alerts.filter(({ state }) => (state === "firing") === (tab === "firing"));
  return (
    <aside className={css.pane} aria-label={t("alerts.title")} data-testid="alerts-pane">
      <header className={css.paneHead}>
        <Tabs
          label={t("alerts.title")}
          panelId={PANEL}
          value={tab}
          onChange={setTab}
          testId="alerts-pane"
          items={[
            { id: "firing", label: t("alerts.title"), count: data?.n_firing ?? 0 },
            { id: "done", label: t("alerts.handled") },
          ]}
        />
        <span className="grow" />
        <IconButton
          icon="gear"
          label={`${t("alerts.tab.rules")} (${keyText("alertRules")})`}
          onClick={() => showAlerts("rules")}
        />
      </header>
      <div id={PANEL} role="tabpanel" aria-label={t("alerts.title")} className="scroll">
        {data && shown.length === 0 && (
          <EmptyState icon="check" title={t("alerts.calmTitle")} text={t("alerts.calmText")} />
        )}
        {shown.slice(0, 50).map((alert) => (
          <AlertCard
            key={alert.id}
            alert={alert}
            mayManage={data?.may_manage ?? false}
            onChoose={() => openAlert(alert.id)}
          />
        ))}
      </div>
    </aside>
  );
};
