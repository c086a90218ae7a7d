import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { SampleBy } from "@/ipc/generated/SampleBy";
import type { SampleProblem } from "@/ipc/generated/SampleProblem";
import type { WrittenBy } from "@/ipc/generated/WrittenBy";
import { ChoiceField } from "@/kit/FormField";
import { NumberField } from "@/kit/NumberField";
import css from "../Editor.module.css";
import { WordsField } from "../WordsField";

const WRITERS = ["customer", "agent", "anybody"] as const satisfies readonly WrittenBy[];

type Props = {
  by: SampleBy;
  onChange: (by: SampleBy) => void;
  problem: (problem: SampleProblem) => string | undefined;
};

/** What makes a conversation worth a look. */
export const ByFields: FC<Props> = ({ by, onChange, problem }) => {
  const { t } = useTranslation();
  switch (by.kind) {
    case "random":
      return (
        <div className={css.row}>
          <NumberField
            label={t("quality.share")}
            value={by.permille / 10}
            unit="%"
            min={0.1}
            max={100}
            step={0.1}
            error={problem("share")}
            onChange={(percent) => onChange({ ...by, permille: Math.round(percent * 10) })}
            testId="quality-share"
          />
        </div>
      );
    case "low_mark":
      return (
        <div className={css.row}>
          <NumberField
            label={t("quality.atMost")}
            value={by.at_most}
            unit={t("quality.points")}
            min={1}
            max={4}
            error={problem("mark")}
            onChange={(mark) => onChange({ ...by, at_most: Math.round(mark) })}
          />
        </div>
      );
    case "long":
      return (
        <div className={css.row}>
          <NumberField
            label={t("quality.longMessages")}
            value={by.messages}
            unit={t("quality.messages")}
            error={problem("length")}
            onChange={(messages) => onChange({ ...by, messages: Math.round(messages) })}
          />
          <NumberField
            label={t("quality.longMinutes")}
            value={by.minutes}
            unit={t("quality.minutes")}
            onChange={(minutes) => onChange({ ...by, minutes: Math.round(minutes) })}
          />
        </div>
      );
    case "words":
      return (
        <>
          <div className={css.row}>
            <ChoiceField
              label={t("quality.writtenBy")}
              value={by.by}
              items={WRITERS.map((id) => ({ id, label: t(`quality.writer.${id}`) }))}
              onChoose={(id) => {
                const writer = WRITERS.find((each) => each === id);
                if (writer) onChange({ ...by, by: writer });
              }}
            />
          </div>
          <WordsField
            label={t("quality.words")}
            hint={t("quality.wordsHint")}
            words={by.words}
            error={problem("words")}
            onChange={(words) => onChange({ ...by, words })}
            testId="quality-words"
          />
        </>
      );
  }
};
