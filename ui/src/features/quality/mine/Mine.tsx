import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAction } from "@/hotkeys";
import { errorText } from "@/i18n/words";
import { useMyReviews } from "@/ipc/quality";
import { EmptyState } from "@/kit/EmptyState";
import { ListDetail, ListRow, ListRows } from "@/kit/ListDetail";
import { Notice } from "@/kit/Notice";
import { Select } from "@/kit/Select";
import { useRoutes } from "@/routes";
import { Review } from "../review/Review";
import { ReviewRow } from "../review/ReviewRow";
import css from "../review/Reviews.module.css";
import { Sum } from "./Sum";

const PERIODS = ["7", "30", "90"] as const;
type Period = (typeof PERIODS)[number];

/** The agent's own reviews: how they came out, where points were lost, and each of them. */
export const Mine: FC = () => {
  const { t } = useTranslation();
  const [period, setPeriod] = useState<Period>("30");
  const { data, error } = useMyReviews(Number(period));
  const { review, openReview } = useRoutes();
  const rows = data?.items ?? [];
  const at = rows.findIndex(({ id }) => id === review);
  const step = (by: number) => openReview(rows[Math.min(rows.length - 1, at + by)]?.id ?? null);
  useAction("next", () => step(1), rows.length > 0);
  useAction("previous", () => step(-1), rows.length > 0);
  if (error) return <Notice tone="danger">{errorText(t, error)}</Notice>;
  if (!data) return <div />;
  return (
    <ListDetail
      label={t("quality.tab.mine")}
      bar={
        <Select
          label={t("survey.period")}
          value={period}
          onChange={(next) => {
            setPeriod(next);
            openReview(null);
          }}
          items={PERIODS.map((id) => ({ id, label: t("survey.days", { n: Number(id) }) }))}
          testId="quality-period"
        />
      }
      list={
        <ListRows testId="quality-mine">
          <li>
            <ListRow
              isChosen={review === null}
              aria-current={review === null || undefined}
              onClick={() => openReview(null)}
            >
              {t("quality.overview")}
            </ListRow>
          </li>
          {rows.map((row) => (
            <li key={row.id}>
              <ReviewRow
                row={row}
                isOwn
                isChosen={row.id === review}
                onChoose={() => openReview(row.id)}
              />
            </li>
          ))}
          {rows.length < data.total && (
            <li className={css.more}>
              <span className="grow small muted" data-testid="quality-shown">
                {t("quality.shown", { n: rows.length, total: data.total })}
              </span>
            </li>
          )}
        </ListRows>
      }
    >
      {review !== null ? (
        <Review key={review} id={review} />
      ) : rows.length === 0 ? (
        <EmptyState
          icon="quality"
          title={t("quality.noneMine")}
          text={t("quality.noneMineText")}
          testId="quality-mine-none"
        />
      ) : (
        <Sum view={data} />
      )}
    </ListDetail>
  );
};
