import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { useSpan } from "@/i18n/useSpan";
import type { QaRow } from "@/ipc/generated/QaRow";
import { ListRow } from "@/kit/ListDetail";
import { Tag } from "@/kit/Marks";
import { useNow } from "@/lib/now";
import { reasonText, scoreText, VERDICT_TONES } from "../words";
import css from "./Reviews.module.css";

type Props = {
  row: QaRow;
  isChosen: boolean;
  /** Of the agent who looks at it: their name says nothing. */
  isOwn?: boolean;
  /** The score is not to be seen yet. */
  blind?: boolean;
  onChoose: () => void;
};

/** One review in a list: whose, why, how it came out or would, and since when. */
export const ReviewRow: FC<Props> = ({ row, isChosen, isOwn = false, blind = false, onChoose }) => {
  const { t } = useTranslation();
  const now = useNow();
  const span = useSpan();
  const { state, score, pre } = row;
  const shown = score ?? pre;
  const at = row.scored_at ?? row.sampled_at;
  const why = row.reasons.map((reason) => reasonText(t, reason)).join(t("quality.listComma"));
  return (
    <ListRow
      isChosen={isChosen}
      aria-current={isChosen || undefined}
      onClick={onChoose}
      data-testid="quality-row"
      data-review={row.id}
      data-state={state}
    >
      <span className={css.words}>
        <span className={css.line}>
          <span className="one strong">{isOwn ? row.number : row.agent}</span>
          {!isOwn && <span className="small muted num">{row.number}</span>}
          {(state === "appealed" || state === "decided") && (
            <Tag tone={state === "appealed" ? "warning" : "quiet"}>
              {t(`quality.state.${state}`)}
            </Tag>
          )}
          <span className="grow" />
          {!blind && shown.verdict !== "passed" && score !== null && (
            <Tag tone={VERDICT_TONES[shown.verdict]}>{t(`quality.verdict.${shown.verdict}`)}</Tag>
          )}
          {!blind && (
            <span className={score === null ? "num muted" : "num strong"}>
              {score === null
                ? t("quality.preShort", { score: scoreText(shown.tenths) })
                : scoreText(shown.tenths)}
            </span>
          )}
        </span>
        <span className={css.line}>
          <span className="one small soft grow">{why}</span>
          {row.is_pending ? (
            <Tag tone="warning">{t("quality.pending")}</Tag>
          ) : (
            <span className="small muted num">{span(now - at)}</span>
          )}
        </span>
      </span>
    </ListRow>
  );
};
