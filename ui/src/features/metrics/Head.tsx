import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { keyText } from "@/hotkeys";
import { IconButton } from "@/kit/Button";
import { Menu, MenuItem } from "@/kit/Menu";
import { Segments, Tabs } from "@/kit/Tabs";
import css from "./Metrics.module.css";
import { PERIODS } from "./period";
import { type MetricsTab, useRoom } from "./store";
import type { Format } from "./useExport";

export const PANEL = "metrics-panel";
const TABS = ["overview", "group", "agent", "channel", "line", "category"] as const;

type Props = {
  onExport: (format: Format) => Promise<void>;
  /** Whether there are numbers that could be written. */
  canExport: boolean;
};

/** What is shown, of which time, and where it can go. */
export const Head: FC<Props> = ({ onExport, canExport }) => {
  const { t } = useTranslation();
  const { tab, period, set } = useRoom();
  const tabs: { id: MetricsTab; label: string }[] = TABS.map((id) => ({
    id,
    label: id === "overview" ? t("metrics.overview") : t(`metrics.by.${id}`),
  }));
  return (
    <header className={css.head}>
      <Tabs
        label={t("metrics.tabs")}
        panelId={PANEL}
        testId="metrics-tab"
        value={tab}
        onChange={(next) => set({ tab: next })}
        items={tabs}
      />
      <span className="grow" />
      <Segments
        label={t("metrics.period.label")}
        value={period}
        onChange={(next) => set({ period: next })}
        items={PERIODS.map((id) => ({ id, label: t(`metrics.period.${id}`) }))}
      />
      <Menu
        label={t("metrics.export.label")}
        align="end"
        trigger={
          <IconButton
            icon="download"
            label={t("metrics.export.label")}
            disabled={!canExport}
            data-testid="metrics-export"
          />
        }
      >
        <MenuItem
          icon="file"
          keys={keyText("metricsExport")}
          onSelect={() => void onExport("xlsx")}
          testId="metrics-export-xlsx"
        >
          {t("metrics.export.xlsx")}
        </MenuItem>
        <MenuItem icon="rows" onSelect={() => void onExport("csv")} testId="metrics-export-csv">
          {t("metrics.export.csv")}
        </MenuItem>
        <MenuItem
          icon="image"
          keys={keyText("metricsPicture")}
          onSelect={() => void onExport("png")}
          testId="metrics-export-png"
        >
          {t("metrics.export.png")}
        </MenuItem>
        <MenuItem
          icon="file"
          keys={keyText("metricsPrint")}
          onSelect={() => void onExport("print")}
          testId="metrics-export-print"
        >
          {t("metrics.export.print")}
        </MenuItem>
      </Menu>
      <IconButton
        icon="device"
        label={`${t("metrics.wall.enter")} (${keyText("wallboard")})`}
        onClick={() => set({ wall: true })}
        data-testid="metrics-wall"
      />
    </header>
  );
};
