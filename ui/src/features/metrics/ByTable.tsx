import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Metric } from "@/ipc/generated/Metric";
import type { MetricsBoard } from "@/ipc/generated/MetricsBoard";
import type { MetricsBy } from "@/ipc/generated/MetricsBy";
import type { MetricsTableRow } from "@/ipc/generated/MetricsTableRow";
import type { MetricValue } from "@/ipc/generated/MetricValue";
import { Icon } from "@/kit/Icon";
import css from "./ByTable.module.css";
import { CARDS } from "./card";
import { amount, valueText } from "./numbers";
import { useRoom } from "./store";
import { useLabel } from "./useLabel";

type Sort = { by: Metric; up: boolean };

/** The numbers side by side, by group, agent, channel, line or category. A row narrows the room to it. */
export const ByTable: FC<{ board: MetricsBoard; by: MetricsBy }> = ({ board, by }) => {
  const { t } = useTranslation();
  const label = useLabel();
  const set = useRoom((room) => room.set);
  const [sort, setSort] = useState<Sort>({ by: "volume", up: false });
  const rows = board.tables.find((table) => table.by === by)?.rows ?? [];
  // Values come in the order of the cards of a board.
  const places = new Map(board.cards.map(({ metric }, at) => [metric, at]));
  const valueIn = (row: MetricsTableRow, metric: Metric): MetricValue | undefined =>
    row.values[places.get(metric) ?? -1];
  const sorted = rows.toSorted((a, b) => {
    const [x, y] = [amount(valueIn(a, sort.by)), amount(valueIn(b, sort.by))];
    // What is not known is last, whichever way.
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return sort.up ? x - y : y - x;
  });
  const most = Math.max(1, ...rows.map((row) => amount(valueIn(row, "volume")) ?? 0));
  const narrow = ({ value }: MetricsTableRow) =>
    set(
      by === "group"
        ? { tab: "overview", group: value }
        : { tab: "overview", slice: { dim: by, value } },
    );
  if (rows.length === 0) return <p className={`${css.none} muted`}>{t("metrics.noParts")}</p>;
  return (
    <table className={css.table} data-testid="metrics-table">
      <thead>
        <tr>
          <th scope="col">{t(`metrics.by.${by}`)}</th>
          {CARDS.map((metric) => (
            <th
              key={metric}
              scope="col"
              aria-sort={sort.by !== metric ? "none" : sort.up ? "ascending" : "descending"}
            >
              <button
                type="button"
                className={css.sort}
                onClick={() => setSort({ by: metric, up: sort.by === metric && !sort.up })}
                data-testid={`metrics-sort-${metric}`}
              >
                {sort.by === metric && (
                  <Icon name="down" size={12} className={sort.up ? css.up : undefined} />
                )}
                {t(`metrics.short.${metric}`)}
              </button>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {sorted.map((row) => (
          <tr key={row.value} className={css.row} data-testid="metrics-table-row">
            <th scope="row">
              <button type="button" className={css.open} onClick={() => narrow(row)}>
                <span className="one">{label(by, row)}</span>
                <Bar share={(amount(valueIn(row, "volume")) ?? 0) / most} />
              </button>
            </th>
            {CARDS.map((metric) => (
              <td key={metric} className="num">
                {valueText(valueIn(row, metric))}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
};

/** How much of the most. */
const Bar: FC<{ share: number }> = ({ share }) => (
  <svg className={css.bar} viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
    <rect width={share * 100} height="4" />
  </svg>
);
