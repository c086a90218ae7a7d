import { useQueryClient } from "@tanstack/react-query";
import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { errorText, refusedText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { WhisperView } from "@/ipc/generated/WhisperView";
import { keys } from "@/ipc/keys";
import { LinkButton } from "@/kit/Button";
import { cx } from "@/kit/cx";
import { Icon } from "@/kit/Icon";
import { toast } from "@/kit/Notice";
import { timeOfDay } from "@/lib/time";
import css from "./Whisper.module.css";

/** A word between a lead and the agent, where it was said. */
export const Whisper: FC<{ whisper: WhisperView }> = ({ whisper }) => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { author, to, to_leads, text, at, pending, refused, op_id } = whisper;
  const act = async (command: "outbox.retry" | "outbox.discard") => {
    if (op_id === null) return;
    try {
      if (command === "outbox.retry") await call(command, { op_id, seen_seq: 0 });
      else await call(command, { op_id });
      void client.invalidateQueries({ queryKey: keys.outbox });
    } catch (error) {
      toast("danger", errorText(t, error));
    }
  };
  return (
    <div className={cx(css.whisper, (pending || refused !== null) && css.pending)}>
      <p className={css.by}>
        <Icon name="lock" size={14} />
        <span className={css.mark}>{t("whisper.whisper")}</span>
        {to_leads ? t("whisper.toLeads", { author }) : t("whisper.toAgent", { author, to })}
        <span className="num">{timeOfDay(at)}</span>
      </p>
      <article
        id={`w-${whisper.id}`}
        className={css.text}
        data-testid="message-whisper"
        data-mine={whisper.is_mine || undefined}
      >
        {text}
      </article>
      {pending && (
        <p className={css.foot}>
          <Icon name="clock" size={14} />
          {t("conversation.pending")}
        </p>
      )}
      {refused !== null && (
        <p className={cx(css.foot, css.refused)}>
          <Icon name="stop" size={14} />
          {t("conversation.failed")} · {refusedText(t, refused)}
          <LinkButton onClick={() => void act("outbox.retry")}>{t("outbox.retry")}</LinkButton>
          <LinkButton onClick={() => void act("outbox.discard")}>{t("outbox.discard")}</LinkButton>
        </p>
      )}
    </div>
  );
};
