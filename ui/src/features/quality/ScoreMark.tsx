import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { QaScore } from "@/ipc/generated/QaScore";
import { Tag } from "@/kit/Marks";
import css from "./ScoreMark.module.css";
import { scoreText, VERDICT_TONES } from "./words";

type Props = { score: QaScore; large?: boolean; testId?: string };

/** A score and how it came out. */
export const ScoreMark: FC<Props> = ({ score, large = false, testId }) => {
  const { t } = useTranslation();
  return (
    <span className={large ? css.large : css.score} data-testid={testId}>
      <b className="num">{scoreText(score.tenths)}</b>
      <Tag tone={VERDICT_TONES[score.verdict]}>{t(`quality.verdict.${score.verdict}`)}</Tag>
    </span>
  );
};
