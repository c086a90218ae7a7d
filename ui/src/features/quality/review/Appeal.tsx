import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyText, useAction } from "@/hotkeys";
import type { QaView } from "@/ipc/generated/QaView";
import { Button } from "@/kit/Button";
import { AreaField } from "@/kit/FormField";
import { useWhen } from "../useWhen";
import css from "./Review.module.css";

/** As long as an appeal or a reason may be, in characters. */
const MOST_CHARS = 500;

type Props = {
  view: QaView;
  busy: boolean;
  onAppeal: (text: string) => void;
  onUphold: (reason: string) => void;
  /** Marks are to be changed. */
  onChange: () => void;
};

/** What the agent has against a score, and what was decided; or the way to say it. */
export const Appeal: FC<Props> = ({ view, busy, onAppeal, onUphold, onChange }) => {
  const { t } = useTranslation();
  const when = useWhen();
  const { appeal, may_appeal, may_decide, appeal_until } = view;
  const [text, setText] = useState("");
  const isSaid = text.trim() !== "";
  const send = () => (may_appeal ? onAppeal(text) : onUphold(text));
  useAction("qualitySave", send, (may_appeal || may_decide) && isSaid && !busy);
  if (!appeal && !may_appeal) return null;
  return (
    <section className={css.appeal} aria-label={t("quality.appeal")}>
      <h3>{t("quality.appeal")}</h3>
      {appeal && (
        <>
          <p className="small muted">
            {t("quality.appealedBy", { name: view.row.agent, at: when(appeal.at) })}
          </p>
          <p className={css.quote} data-testid="quality-appeal-text">
            {appeal.text}
          </p>
        </>
      )}
      {appeal?.decision && (
        <>
          <p className="small muted">
            {t(appeal.decision.changed ? "quality.changedBy" : "quality.upheldBy", {
              name: appeal.decision.by.name,
              at: when(appeal.decision.by.at),
            })}
          </p>
          <p className={css.quote} data-testid="quality-decision">
            {appeal.decision.reason}
          </p>
        </>
      )}
      {appeal && !appeal.decision && !may_decide && (
        <p className="soft">{t("quality.appealWaits")}</p>
      )}
      {(may_appeal || may_decide) && (
        <>
          <AreaField
            label={t(may_appeal ? "quality.appealWhy" : "quality.decideWhy")}
            hint={
              may_appeal && appeal_until !== null
                ? t("quality.appealUntil", { at: when(appeal_until) })
                : undefined
            }
            value={text}
            maxLength={MOST_CHARS}
            onChange={(event) => setText(event.currentTarget.value)}
            data-testid="quality-appeal-why"
          />
          <div className={css.acts}>
            <Button
              look="primary"
              busy={busy}
              disabled={!isSaid}
              keys={keyText("qualitySave")}
              onClick={send}
              data-testid="quality-appeal-send"
            >
              {t(may_appeal ? "quality.appealSend" : "quality.uphold")}
            </Button>
            {may_decide && (
              <Button onClick={onChange} data-testid="quality-change">
                {t("quality.change")}
              </Button>
            )}
          </div>
        </>
      )}
    </section>
  );
};
