import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { RoutingView } from "@/ipc/generated/RoutingView";
import { useNow } from "@/lib/now";
import { timeOfDay } from "@/lib/time";
import { useReason } from "@/parts/routing";
import css from "./Block.module.css";

/** How a conversation came to whoever has it; nothing while nobody has. */
export const Assigned: FC<{ routing: RoutingView }> = ({ routing }) => {
  const { t } = useTranslation();
  const words = useReason();
  const now = useNow();
  const { assigned } = routing;
  if (!assigned) return null;
  const title = t(assigned.is_me ? "routing.whyMeTitle" : "routing.whyThemTitle", {
    name: assigned.name,
  });
  return (
    <section className={css.block} aria-label={title} data-testid="assigned">
      <h2>{title}</h2>
      <p className="small">
        {t(`routing.by.${assigned.reason}`)}
        <span className="muted num"> {timeOfDay(assigned.at)}</span>
      </p>
      {assigned.why.length > 0 && (
        <ol className={css.tried}>
          {assigned.why.map((reason, place) => (
            <li key={reason.kind} className={place === 0 ? "strong" : undefined}>
              {words(reason, now)}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
};
