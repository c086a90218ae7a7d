import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { ContextView } from "@/ipc/generated/ContextView";
import type { TriedView } from "@/ipc/generated/TriedView";
import { Tag } from "@/kit/Marks";
import css from "./Block.module.css";

/** What the bot found out and tried before a person came; nothing while there is nothing. */
export const Context: FC<{ context: ContextView }> = ({ context }) => {
  const { t } = useTranslation();
  const { slots, tried } = context;
  if (slots.length === 0 && tried.length === 0) return null;
  const words = (one: TriedView): string => {
    switch (one.kind) {
      case "answered":
        return t("context.answered", { question: one.question });
      case "offered":
        return t("context.offered", { questions: one.questions.join(t("context.or")) });
      case "asked_for":
        return t("context.askedFor", { slot: t(`slot.${one.slot}`) });
      case "asked_again":
        return t("context.askedAgain");
    }
  };
  return (
    <section className={css.block} aria-label={t("context.label")} data-testid="context">
      <h2>{t("context.label")}</h2>
      {slots.length > 0 && (
        <dl className={css.dl}>
          {slots.map(({ slot, text }) => (
            <div key={slot} className={css.pair} data-slot={slot}>
              <dt>{t(`slot.${slot}`)}</dt>
              <dd className="num">{text}</dd>
            </div>
          ))}
        </dl>
      )}
      {tried.length > 0 && (
        <ol className={css.tried} aria-label={t("context.tried")}>
          {tried.map((one, place) => (
            // The list only grows at its end, and its lines have no names of their own.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <li key={place}>
              {words(one)}
              {one.kind === "answered" && one.live && <Tag>{t("context.live")}</Tag>}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
};
