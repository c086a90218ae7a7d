import { type FC, type KeyboardEvent, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { keyText, useAction } from "@/hotkeys";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import { cx } from "@/kit/cx";
import { composing } from "@/lib/ime";
import { byteLength } from "@/lib/text";
import { timeOfDay } from "@/lib/time";
import css from "./Properties.module.css";
import { useSummary } from "./useSummary";

const MAX_BYTES = 4_000;

/** The summary: read, and written in place. */
export const Summary: FC<{ view: ConversationView }> = ({ view }) => {
  const { t } = useTranslation();
  const { summary, summary_by, summary_at, draft, editable } = view.properties;
  const { text, begin, change, cancel, save } = useSummary(view);
  const area = useRef<HTMLTextAreaElement>(null);
  const editing = text !== null;
  useAction("summary", () => (editing ? area.current?.focus() : void begin()), editable);
  useEffect(() => {
    const node = area.current;
    if (!editing || !node) return;
    node.focus();
    node.setSelectionRange(node.value.length, node.value.length);
    node.closest("dd")?.scrollIntoView({ block: "nearest" });
  }, [editing]);

  const over = editing ? byteLength(text) - MAX_BYTES : 0;
  const leave = () => {
    if (over <= 0) void save();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (composing(event.nativeEvent)) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      leave();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      void cancel();
    }
  };
  if (editing)
    return (
      <>
        <textarea
          ref={area}
          className={css.text}
          aria-label={t("property.summary")}
          value={text}
          onChange={(event) => change(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onBlur={leave}
          data-testid="summary-text"
        />
        <p className={cx(css.foot, over > 0 && css.wrong)} role="status">
          {over > 0 ? t("property.tooLong", { n: over }) : t("property.summaryHint")}
        </p>
      </>
    );
  return (
    <>
      <button
        type="button"
        className={cx(css.summary, summary === "" && css.none)}
        disabled={!editable}
        title={editable ? `${t("property.editSummary")} (${keyText("summary")})` : undefined}
        onClick={() => void begin()}
        data-testid="summary"
      >
        {summary || t("property.noSummary")}
      </button>
      {draft !== null && (
        <p className={css.mark} data-testid="summary-draft">
          {t("property.draft")}
        </p>
      )}
      {summary_by !== "" && (
        <p className={css.by}>
          {t("property.summaryBy", { name: summary_by, time: timeOfDay(summary_at) })}
        </p>
      )}
    </>
  );
};
