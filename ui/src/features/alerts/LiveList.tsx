import { type FC, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyText, useAction } from "@/hotkeys";
import { errorText } from "@/i18n/words";
import { useAlerts } from "@/ipc/alerts";
import type { AlertState } from "@/ipc/generated/AlertState";
import type { AlertView } from "@/ipc/generated/AlertView";
import type { Severity } from "@/ipc/generated/Severity";
import { EmptyState } from "@/kit/EmptyState";
import { ListDetail } from "@/kit/ListDetail";
import { Notice } from "@/kit/Notice";
import { Select } from "@/kit/Select";
import { useRoutes } from "@/routes";
import { AlertCard } from "./AlertCard";
import { AlertDetail } from "./AlertDetail";
import { useAlertActs } from "./useAlertActs";
import { SEVERITIES } from "./words";

type StateFilter = "open" | "all" | AlertState;
const STATES = [
  "open",
  "firing",
  "acknowledged",
  "silenced",
  "resolved",
  "all",
] as const satisfies readonly StateFilter[];
type Filter = { state: StateFilter; severity: Severity | "all"; group: string };

const NO_FILTER: Filter = { state: "all", severity: "all", group: "" };

function fits(alert: AlertView, { state, severity, group }: Filter): boolean {
  const byState =
    state === "all" || (state === "open" ? alert.state !== "resolved" : alert.state === state);
  return (
    byState &&
    (severity === "all" || alert.severity === severity) &&
    (group === "" || alert.group === group)
  );
}

/** What is wrong now and what was: filtered, with one of them in full beside the list. */
export const LiveList: FC = () => {
  const { t } = useTranslation();
  const { data, error } = useAlerts("all");
  const { alert: open, openAlert } = useRoutes();
  const { acknowledge, silence } = useAlertActs();
  const [filter, setFilter] = useState<Filter>(NO_FILTER);
  const all = data?.alerts ?? [];
  const groups = [...new Set(all.map(({ group }) => group))].filter((group) => group !== "").sort();
  const alerts = all.filter((alert) => fits(alert, filter));
  // One that is asked for by name is shown, whatever was filtered before.
  const [before, setBefore] = useState(open);
  if (before !== open) {
    setBefore(open);
    if (open !== null && !alerts.some((alert) => alert.id === open)) setFilter(NO_FILTER);
  }
  const at = Math.max(
    0,
    alerts.findIndex(({ id }) => id === open),
  );
  const chosen = alerts[at];
  const id = chosen?.id;
  useEffect(() => {
    if (id) document.querySelector(`[data-alert="${id}"]`)?.scrollIntoView({ block: "nearest" });
  }, [id]);
  const step = (by: number) => {
    const next = alerts[Math.min(alerts.length - 1, Math.max(0, at + by))];
    if (next) openAlert(next.id);
  };
  const mayManage = data?.may_manage ?? false;
  const isFiring = chosen?.state === "firing" && mayManage;
  const isOpen = chosen !== undefined && chosen.state !== "resolved" && mayManage;
  useAction("next", () => step(1), alerts.length > 0);
  useAction("previous", () => step(-1), alerts.length > 0);
  useAction("alertAcknowledge", () => id && void acknowledge(id), isFiring);
  useAction("alertSilence", () => id && void silence(id), isOpen);
  if (error) return <Notice tone="danger">{errorText(t, error)}</Notice>;
  const label = (item: StateFilter) => t(`alerts.state.${item}`);
  return (
    <ListDetail
      label={t("alerts.tab.list")}
      size="wide"
      testId="alert-rows"
      bar={
        <>
          <Select
            label={t("alerts.filterState")}
            value={filter.state}
            onChange={(state) => setFilter({ ...filter, state })}
            items={STATES.map((item) => ({ id: item, label: label(item) }))}
            testId="alerts-state"
          />
          <Select
            label={t("alerts.filterSeverity")}
            value={filter.severity}
            onChange={(severity) => setFilter({ ...filter, severity })}
            items={[
              { id: "all", label: t("alerts.anySeverity") },
              ...SEVERITIES.map((item) => ({ id: item, label: t(`alerts.severity.${item}`) })),
            ]}
            testId="alerts-severity"
          />
          {groups.length > 0 && (
            <Select
              label={t("alerts.filterGroup")}
              value={filter.group}
              onChange={(group) => setFilter({ ...filter, group })}
              items={[
                { id: "", label: t("alerts.anyGroup") },
                ...groups.map((group) => ({ id: group, label: group })),
              ]}
            />
          )}
        </>
      }
      list={
        <>
          {data && alerts.length === 0 && (
            <EmptyState
              icon="check"
              title={t(all.length === 0 ? "alerts.calmTitle" : "alerts.noneTitle")}
              text={t(all.length === 0 ? "alerts.calmText" : "alerts.noneText")}
            />
          )}
          {alerts.map((alert) => (
            <AlertCard
              key={alert.id}
              alert={alert}
              mayManage={mayManage}
              isChosen={alert.id === id}
              onChoose={() => openAlert(alert.id)}
            />
          ))}
        </>
      }
      foot={
        alerts.length > 0 &&
        t("alerts.keys", {
          step: `${keyText("previous")} / ${keyText("next")}`,
          acknowledge: keyText("alertAcknowledge"),
          silence: keyText("alertSilence"),
        })
      }
    >
      {chosen && <AlertDetail alert={chosen} mayManage={mayManage} />}
    </ListDetail>
  );
};
