import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { EngineDraft } from "@/ipc/generated/EngineDraft";
import type { EngineTrial } from "@/ipc/generated/EngineTrial";
import type { TrialSide } from "@/ipc/generated/TrialSide";
import { Button } from "@/kit/Button";
import { Field } from "@/kit/Field";
import { Tag } from "@/kit/Marks";
import { Notice } from "@/kit/Notice";
import { ConfidenceBar } from "@/kit/Ring";
import { composing } from "@/lib/ime";
import { Grounds } from "@/parts/Grounds";
import css from "./Engine.module.css";
import { useEdit } from "./store";

const SHOWN = 3;

/** A question as a customer would ask it, under the settings that hold and under the draft. */
export const TryBox: FC<{ draft: EngineDraft; ok: boolean }> = ({ draft, ok }) => {
  const { t } = useTranslation();
  const { question, set } = useEdit();
  const [busy, setBusy] = useState(false);
  const [trial, setTrial] = useState<EngineTrial | null>(null);
  const [error, setError] = useState<unknown>(null);
  const run = async () => {
    if (question.trim() === "" || busy || !ok) return;
    setBusy(true);
    try {
      setTrial(await call("engine.try", { text: question.trim(), draft }));
      setError(null);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className={css.part} aria-label={t("engine.try")}>
      <h3>{t("engine.try")}</h3>
      <p className="small muted">{t("engine.tryHint")}</p>
      <div className={css.ask}>
        <div className="grow">
          <Field
            label={t("engine.question")}
            hideLabel
            placeholder={t("engine.question")}
            value={question}
            data-testid="engine-question"
            onChange={(event) => set({ question: event.currentTarget.value })}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || composing(event.nativeEvent)) return;
              event.preventDefault();
              void run();
            }}
          />
        </div>
        <Button busy={busy} disabled={!ok} onClick={() => void run()} data-testid="engine-try">
          {t("engine.tryIt")}
        </Button>
      </div>
      {!ok && <p className="small danger">{t("engine.fixFirst")}</p>}
      {error !== null && <Notice tone="danger">{errorText(t, error)}</Notice>}
      {trial && (
        <div className={css.sides} data-testid="engine-trial">
          <Side title={t(trial.draft ? "engine.sideNow" : "engine.sideBoth")} side={trial.now} />
          {trial.draft && <Side title={t("engine.sideDraft")} side={trial.draft} />}
        </div>
      )}
    </section>
  );
};

const Side: FC<{ title: string; side: TrialSide }> = ({ title, side }) => {
  const { t } = useTranslation();
  const { decision, candidates } = side;
  return (
    <section className={css.side} aria-label={title}>
      <div className={css.title}>
        <h4 className="grow">{title}</h4>
        <Tag tone={decision.kind === "answer" ? "accent" : "quiet"}>
          {decision.kind === "hand_over"
            ? t(`engine.handOver.${decision.reason}`)
            : t(`engine.decision.${decision.kind}`)}
        </Tag>
      </div>
      {candidates.length === 0 && <p className="muted">{t("assist.noneTitle")}</p>}
      <ol>
        {candidates.slice(0, SHOWN).map(({ suggestion, explanation }, nth) => (
          <li key={suggestion.faq_id} className={css.candidate}>
            <div className={css.title}>
              <span className="one grow">{suggestion.question}</span>
              <ConfidenceBar
                value={suggestion.confidence}
                label={t("assist.confidence", { n: Math.round(suggestion.confidence * 100) })}
              />
            </div>
            {nth === 0 && <Grounds explanation={explanation} />}
          </li>
        ))}
      </ol>
    </section>
  );
};
