import { type FC, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyText, useAction } from "@/hotkeys";
import { errorText } from "@/i18n/words";
import type { QaScope } from "@/ipc/generated/QaScope";
import { useReviews } from "@/ipc/quality";
import { useMe } from "@/ipc/queries";
import { Button } from "@/kit/Button";
import { EmptyState } from "@/kit/EmptyState";
import { ListDetail, ListRows } from "@/kit/ListDetail";
import { Notice } from "@/kit/Notice";
import { Select } from "@/kit/Select";
import { useRoutes } from "@/routes";
import { scoreText } from "../words";
import { Review } from "./Review";
import { ReviewRow } from "./ReviewRow";
import css from "./Reviews.module.css";

const SCOPES = ["todo", "appeals", "done", "all"] as const satisfies readonly QaScope[];

type Props = {
  /** What others have scored, to be scored beside them. */
  calibrates?: boolean;
};

/** Sampled conversations, and the one that is being scored. */
export const Reviews: FC<Props> = ({ calibrates = false }) => {
  const { t } = useTranslation();
  const [scope, setScope] = useState<(typeof SCOPES)[number]>("todo");
  const [agent, setAgent] = useState("");
  const found = useReviews({
    scope: calibrates ? "calibrate" : scope,
    ...(agent !== "" && { agent }),
  });
  const { error, isPlaceholderData, hasNextPage, isFetchingNextPage, fetchNextPage } = found;
  const pages = found.data?.pages;
  const data = pages?.[0];
  const { review, openReview } = useRoutes();
  const me = useMe()?.id;
  const rows = pages?.flatMap(({ items }) => items) ?? [];
  const at = rows.findIndex(({ id }) => id === review);
  const id = review ?? rows[0]?.id ?? null;
  // What is shown stays, also when it leaves the list; a list that is still to come shows nothing yet.
  useEffect(() => {
    if (id !== review && !isPlaceholderData) openReview(id);
  }, [id, review, isPlaceholderData, openReview]);
  useEffect(() => {
    if (id) document.querySelector(`[data-review="${id}"]`)?.scrollIntoView({ block: "nearest" });
  }, [id]);
  const step = (by: number) => {
    const next = rows[Math.min(rows.length - 1, Math.max(0, Math.max(0, at) + by))];
    if (next) openReview(next.id);
    if (at + by >= rows.length - 1 && hasNextPage) void fetchNextPage();
  };
  useAction("next", () => step(1), rows.length > 0);
  useAction("previous", () => step(-1), rows.length > 0);
  if (error) return <Notice tone="danger">{errorText(t, error)}</Notice>;
  if (!data) return <div />;
  const counts: Partial<Record<QaScope, number>> = { todo: data.n_todo, appeals: data.n_appeals };
  const place = rows.findIndex((row) => row.id === id);
  return (
    <ListDetail
      label={t(calibrates ? "quality.tab.calibrate" : "quality.tab.reviews")}
      testId="quality-list"
      bar={
        <>
          {!calibrates && (
            <Select
              label={t("quality.which")}
              value={scope}
              onChange={(next) => {
                setScope(next);
                openReview(null);
              }}
              items={SCOPES.map((each) => ({
                id: each,
                label:
                  counts[each] === undefined
                    ? t(`quality.scope.${each}`)
                    : `${t(`quality.scope.${each}`)} ${counts[each]}`,
              }))}
              testId="quality-scope"
            />
          )}
          <Select
            label={t("quality.agent")}
            value={agent}
            onChange={(next) => {
              setAgent(next);
              openReview(null);
            }}
            items={[
              { id: "", label: t("quality.everybody") },
              // Nobody calibrates their own work.
              ...data.agents
                .filter(({ agent: whose }) => !calibrates || whose !== me)
                .map((each) => ({
                  id: each.agent,
                  label:
                    calibrates || each.sum.mean_tenths === null
                      ? each.name
                      : t("quality.agentMean", {
                          name: each.name,
                          mean: scoreText(each.sum.mean_tenths),
                          n: each.sum.n,
                        }),
                })),
            ]}
            testId="quality-agent"
          />
        </>
      }
      list={
        <ListRows testId="quality-rows">
          {rows.map((row) => (
            <li key={row.id}>
              <ReviewRow
                row={row}
                blind={calibrates}
                isChosen={row.id === id}
                onChoose={() => openReview(row.id)}
              />
            </li>
          ))}
          {hasNextPage && (
            <li className={css.more}>
              <span className="grow small muted" data-testid="quality-shown">
                {t("quality.shown", { n: rows.length, total: data.total })}
              </span>
              <Button
                size="sm"
                busy={isFetchingNextPage}
                onClick={() => void fetchNextPage()}
                data-testid="quality-more"
              >
                {t("quality.more")}
              </Button>
            </li>
          )}
        </ListRows>
      }
      foot={
        rows.length > 0 &&
        t("quality.keys", {
          step: `${keyText("previous")} / ${keyText("next")}`,
          save: keyText("qualitySave"),
        })
      }
    >
      {id === null ? (
        <EmptyState
          icon="check"
          title={t(calibrates ? "quality.noneToCalibrate" : `quality.none.${scope}`)}
          text={t(calibrates ? "quality.noneToCalibrateText" : "quality.noneText")}
          testId="quality-none"
        />
      ) : (
        <Review
          key={`${calibrates} ${id}`}
          id={id}
          blind={calibrates}
          onDone={() => {
            const next = rows[place + 1] ?? rows[place - 1];
            if (!calibrates && scope === "todo") openReview(next?.id ?? null);
          }}
        />
      )}
    </ListDetail>
  );
};
