import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import type { QaMonthsRow } from "@/ipc/generated/QaMonthsRow";
import type { QaSum } from "@/ipc/generated/QaSum";
import { useQualityMonths } from "@/ipc/quality";
import { LinkButton } from "@/kit/Button";
import { Chart } from "@/kit/chart/Chart";
import { Legend } from "@/kit/chart/Legend";
import { Notice } from "@/kit/Notice";
import { Select } from "@/kit/Select";
import { useWhen } from "../useWhen";
import { meanText, passedText } from "../words";
import css from "./Months.module.css";
import { linesOf } from "./months";

/** As many months as stand beside each other. */
const MONTHS = 6;

/** The mean score by month: of everybody, of a group, and of each agent. */
export const Months: FC = () => {
  const { t } = useTranslation();
  const when = useWhen();
  const [group, setGroup] = useState("");
  const [agent, setAgent] = useState<string | null>(null);
  const { data, error } = useQualityMonths({ months: MONTHS, ...(group !== "" && { group }) });
  if (error) return <Notice tone="danger">{errorText(t, error)}</Notice>;
  if (!data) return <div />;
  const spec = linesOf(data, t("quality.months.everybody"), agent);
  return (
    <div className={`${css.months} scroll`} data-testid="quality-by-month">
      <div className={css.bar}>
        <Select
          label={t("quality.months.group")}
          value={group}
          onChange={setGroup}
          items={[
            { id: "", label: t("quality.allGroups") },
            ...data.groups.map(({ id, name }) => ({ id, label: name })),
          ]}
          testId="quality-months-group"
        />
        <span className="grow small muted">{t("quality.months.note")}</span>
        <Legend spec={spec} />
      </div>
      <Chart
        label={t("quality.months.title")}
        spec={spec}
        corner={t("quality.months.month")}
        asTable={false}
        emptyText={t("quality.months.none")}
        testId="quality-months-chart"
      />
      {data.agents.length > 0 && (
        <table className={css.table} data-testid="quality-months-table">
          <caption>{t("quality.months.byAgent")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("quality.agent")}</th>
              {data.months.map((month) => (
                <th key={month} scope="col">
                  {month}
                </th>
              ))}
              <th scope="col">{t("quality.figure.mean")}</th>
              <th scope="col">{t("quality.figure.n")}</th>
              <th scope="col">{t("quality.figure.passed")}</th>
            </tr>
          </thead>
          <tbody>
            {data.agents.map((row) => (
              <Row
                key={row.agent}
                row={row}
                isChosen={row.agent === agent}
                onChoose={() => setAgent(row.agent === agent ? null : row.agent)}
              />
            ))}
          </tbody>
        </table>
      )}
      {data.as_of > 0 && (
        <p className="small muted">{t("survey.asOf", { at: when(data.as_of) })}</p>
      )}
    </div>
  );
};

type RowProps = { row: QaMonthsRow; isChosen: boolean; onChoose: () => void };

const Row: FC<RowProps> = ({ row, isChosen, onChoose }) => {
  const { t } = useTranslation();
  const of = ({ n }: QaSum) => t("quality.months.of", { n });
  return (
    <tr data-testid="quality-months-row">
      <td>
        <LinkButton className={css.who} aria-pressed={isChosen} onClick={onChoose}>
          {row.name}
        </LinkButton>
      </td>
      {row.months.map((sum, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a month is its place
        <td key={at} className="num" title={of(sum)}>
          {meanText(sum)}
        </td>
      ))}
      <td className="num strong">{meanText(row.sum)}</td>
      <td className="num">{row.sum.n}</td>
      <td className="num">{passedText(row.sum)}</td>
    </tr>
  );
};
