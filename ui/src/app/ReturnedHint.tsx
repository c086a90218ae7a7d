import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { create } from "zustand";
import { useReturned } from "@/ipc/queries";
import { Button, IconButton, LinkButton } from "@/kit/Button";
import { Notice } from "@/kit/Notice";
import { onNextAgent } from "@/lib/agent";
import { timeOfDay } from "@/lib/time";
import { useRoutes } from "@/routes";
import css from "./Banner.module.css";

const SHOWN = 3;
const KEY = "lingtai.returned";

/** Up to when the agent has seen what went back. A forbidden storage forgets it with the window. */
const useSeen = create<{ until: number; see: (until: number) => void }>((set) => ({
  until: Number(read()),
  see: (until) => {
    set({ until });
    try {
      localStorage.setItem(KEY, String(until));
    } catch {
      // It is said once more after the next start.
    }
  },
}));

onNextAgent(() => useSeen.getState().see(0));

function read(): string {
  try {
    return localStorage.getItem(KEY) ?? "0";
  } catch {
    return "0";
  }
}

/** Says what went back to the queues while the agent was gone, and why. */
export const ReturnedHint: FC = () => {
  const { t } = useTranslation();
  const { until, see } = useSeen();
  const { openConversation, go } = useRoutes();
  const items = (useReturned().data?.items ?? []).filter(({ at }) => at > until);
  const [last] = items;
  if (!last) return null;
  const open = (id: string) => {
    go("inbox");
    openConversation(id);
  };
  return (
    <div className={css.banner}>
      <Notice
        tone="warning"
        testId="returned-hint"
        action={
          <span className={css.acts}>
            <Button size="sm" onClick={() => see(last.at)} data-testid="returned-seen">
              {t("hint.seen")}
            </Button>
            <IconButton icon="x" size="sm" label={t("app.close")} onClick={() => see(last.at)} />
          </span>
        }
      >
        <span className={css.words}>
          {t(`hint.returned.${last.reason}`, { n: items.length, at: timeOfDay(last.at) })}
          {items.slice(0, SHOWN).map(({ id, number }) => (
            <LinkButton key={id} onClick={() => open(id)} data-testid="returned-open">
              {number}
            </LinkButton>
          ))}
          {items.length > SHOWN && t("hint.andMore")}
        </span>
      </Notice>
    </div>
  );
};
