import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TicketView } from "@/ipc/generated/TicketView";
import { AreaField } from "@/kit/FormField";
import { composing } from "@/lib/ime";
import { useTicketActs } from "../useTicketActs";
import css from "./Detail.module.css";

const MAX_CHARS = 120;

/** What it is about; edited in place. Enter saves, Esc gives up. */
export const Title: FC<{ view: TicketView }> = ({ view }) => {
  const { t } = useTranslation();
  const { patch } = useTicketActs();
  const [text, setText] = useState<string | null>(null);
  const { row, can, title_rev } = view;
  const chars = Array.from(text?.trim() ?? "").length;
  const fault =
    text === null
      ? undefined
      : chars === 0
        ? t("ticket.fault.titleEmpty")
        : chars > MAX_CHARS
          ? t("ticket.fault.titleLong")
          : undefined;
  const save = async () => {
    if (text === null || fault) return;
    if (text.trim() === row.title) return setText(null);
    if (await patch(row.id, { title: { rev: title_rev, to: text.trim() } })) setText(null);
  };
  if (text !== null)
    return (
      <AreaField
        ref={(node) => {
          if (node && document.activeElement !== node && !node.dataset.met) {
            node.dataset.met = "yes";
            node.focus();
          }
        }}
        label={t("ticket.editTitle")}
        hideLabel
        rows={2}
        value={text}
        error={fault}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (composing(event.nativeEvent)) return;
          if (event.key === "Enter") {
            event.preventDefault();
            void save();
          } else if (event.key === "Escape") {
            event.preventDefault();
            event.stopPropagation();
            setText(null);
          }
        }}
        onBlur={() => void save()}
        data-testid="ticket-title-text"
      />
    );
  return (
    <h1 className={css.title}>
      {can.edit ? (
        <button
          type="button"
          title={t("ticket.editTitle")}
          onClick={() => setText(row.title)}
          data-testid="ticket-title"
        >
          {row.title}
        </button>
      ) : (
        <span data-testid="ticket-title">{row.title}</span>
      )}
    </h1>
  );
};
