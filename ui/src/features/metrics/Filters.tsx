import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { keyText } from "@/hotkeys";
import type { MetricsBoard } from "@/ipc/generated/MetricsBoard";
import { IconButton } from "@/kit/Button";
import { Switch } from "@/kit/Field";
import { Select } from "@/kit/Select";
import { useNow } from "@/lib/now";
import { PANEL } from "./Head";
import css from "./Metrics.module.css";
import { asOfText, dayText } from "./period";
import { useRoom } from "./store";
import type { Shown } from "./useBoard";
import { useLabel } from "./useLabel";

const BY = ["channel", "line", "category", "agent"] as const;
type By = (typeof BY)[number];
const INTENT = "intent";

/** Of what, how finely, compared or not, and how fresh it is. */
export const Filters: FC<{ shown: Shown }> = ({ shown }) => {
  const { t } = useTranslation();
  const { group, slice, compare, asTables, period, set } = useRoom();
  const { board, choices, grain } = shown;
  return (
    <div className={css.filters}>
      <Select
        id={`${PANEL}-group`}
        label={t("metrics.by.group")}
        value={group ?? ""}
        onChange={(next) => set({ group: next || null })}
        items={[
          { id: "", label: t("metrics.allGroups") },
          ...(choices?.groups ?? []).map(({ id, name }) => ({ id, label: name })),
        ]}
        testId="metrics-group"
      />
      <Slices choices={choices} />
      {slice?.dim === INTENT && <span className="small one">{slice.value}</span>}
      {period === "own" && <OwnDays offset={shown.offset} />}
      <Select
        label={t("metrics.grain.label")}
        value={grain}
        onChange={(next) => set({ grain: next })}
        items={shown.grains.map((id) => ({ id, label: t(`metrics.grain.${id}`) }))}
        testId="metrics-grain"
      />
      <span className={css.compare} title={keyText("metricsCompare")}>
        <Switch
          label={t("metrics.compare")}
          checked={compare}
          onChange={(next) => set({ compare: next })}
          testId="metrics-compare"
        />
        <span aria-hidden="true">{t("metrics.compare")}</span>
      </span>
      <IconButton
        icon="rows"
        size="sm"
        label={`${t("metrics.tables")} (${keyText("metricsTables")})`}
        aria-pressed={asTables}
        className={asTables ? css.pressed : undefined}
        onClick={() => set({ asTables: !asTables })}
        data-testid="metrics-tables"
      />
      <span className="grow" />
      {board?.as_of && <AsOf at={board.as_of} offset={shown.offset} />}
    </div>
  );
};

/** One value of one dimension, beside the group; which is what the numbers are kept by. */
const Slices: FC<{ choices: MetricsBoard | undefined }> = ({ choices }) => {
  const { t } = useTranslation();
  const label = useLabel();
  const { slice, set } = useRoom();
  const split = (id: string): { dim: By; value: string } | null => {
    const dim = BY.find((each) => id.startsWith(`${each}:`));
    return dim ? { dim, value: id.slice(dim.length + 1) } : null;
  };
  return (
    <Select
      label={t("metrics.slice")}
      value={slice ? `${slice.dim}:${slice.value}` : ""}
      onChange={(id) => set({ slice: split(id) })}
      items={[{ id: "", label: t("metrics.all") }]}
      groups={[
        ...BY.map((by) => ({
          label: t(`metrics.by.${by}`),
          items: (choices?.tables.find((table) => table.by === by)?.rows ?? []).map((row) => ({
            id: `${by}:${row.value}`,
            label: label(by, row),
          })),
        })),
        ...(slice?.dim === INTENT
          ? [
              {
                label: t("metrics.intent"),
                items: [{ id: `intent:${slice.value}`, label: slice.value }],
              },
            ]
          : []),
      ].filter(({ items }) => items.length > 0)}
      testId="metrics-slice"
    />
  );
};

/** From a day to a day, both within. */
const OwnDays: FC<{ offset: number }> = ({ offset }) => {
  const { t } = useTranslation();
  const { own, set } = useRoom();
  const today = dayText(Date.now(), offset);
  return (
    <span className={css.days}>
      {(["from", "to"] as const).map((end) => (
        <input
          key={end}
          type="date"
          className={css.day}
          aria-label={t(`metrics.own.${end}`)}
          max={today}
          value={own[end] || today}
          onChange={(event) => set({ own: { ...own, [end]: event.currentTarget.value } })}
          data-testid={`metrics-own-${end}`}
        />
      ))}
    </span>
  );
};

const AsOf: FC<{ at: number; offset: number }> = ({ at, offset }) => {
  const { t } = useTranslation();
  const now = useNow();
  return (
    <span className="small muted num" data-testid="metrics-as-of">
      {t("metrics.asOf", { time: asOfText(at, now, offset) })}
    </span>
  );
};
