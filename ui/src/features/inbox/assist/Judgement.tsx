import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { AssistView } from "@/ipc/generated/AssistView";
import type { Reason } from "@/ipc/generated/Reason";
import { Flag } from "@/kit/Marks";
import { categoryText } from "@/lib/text";
import css from "./Block.module.css";

/** What the engine makes of the conversation, with its reasons in words. */
export const Judgement: FC<{ assist: AssistView }> = ({ assist }) => {
  const { t } = useTranslation();
  const { intent, intent_confidence, category, priority, reasons } = assist;
  const words = (reason: Reason): [string, string, string] =>
    reason.kind === "words"
      ? [
          `${reason.rule}-${reason.words}`,
          // No written rule knows the words, it is the way they are put.
          t(reason.rule === "wording" ? "assist.wording" : "assist.mentions", {
            words: reason.words,
          }),
          t(reason.to === "low" ? "assist.loweredTo" : "assist.raisedTo", {
            priority: t(`priority.${reason.to}`),
          }),
        ]
      : [
          reason.tier,
          t("assist.tierReason", { tier: t(`tier.${reason.tier}`) }),
          t(reason.raised ? "assist.tierRaised" : "assist.tierKept"),
        ];
  return (
    <section className={css.block} aria-label={t("assist.judgement")} data-testid="judgement">
      <h2>{t("assist.judgement")}</h2>
      <dl className={css.dl}>
        <dt>{t("assist.intent")}</dt>
        <dd>
          {intent === "" ? (
            <span className="muted">{t("assist.unknown")}</span>
          ) : (
            <>
              {intent} <span className="muted num">{intent_confidence.toFixed(2)}</span>
            </>
          )}
        </dd>
        <dt>{t("assist.category")}</dt>
        <dd>
          {category === "" ? (
            <span className="muted">{t("assist.unknown")}</span>
          ) : (
            categoryText(category)
          )}
        </dd>
        <dt>{t("priority.label")}</dt>
        <dd>
          <Flag level={priority} label={t(`priority.${priority}`)} showLabel />
          {reasons.length > 0 && (
            <ul className={css.reasons}>
              {reasons.map((reason) => {
                const [key, why, what] = words(reason);
                return (
                  <li key={key}>
                    <span>{why}</span>
                    <span>{what}</span>
                  </li>
                );
              })}
            </ul>
          )}
        </dd>
      </dl>
    </section>
  );
};
