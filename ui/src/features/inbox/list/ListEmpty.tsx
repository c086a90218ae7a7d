import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { keyText, run } from "@/hotkeys";
import { useSpan } from "@/i18n/useSpan";
import type { InboxScope } from "@/ipc/generated/InboxScope";
import { useInbox } from "@/ipc/queries";
import { Button } from "@/kit/Button";
import { EmptyState } from "@/kit/EmptyState";
import { useNow } from "@/lib/now";
import { useRoutes } from "@/routes";

type Props = { scope: InboxScope; queue: number };

/** Why a scope is empty, and what to do next. */
export const ListEmpty: FC<Props> = ({ scope, queue }) => {
  const { t } = useTranslation();
  const setScope = useRoutes((routes) => routes.setScope);
  switch (scope) {
    case "mine":
      return queue > 0 ? (
        <QueueWaits n={queue} />
      ) : (
        <EmptyState
          testId="empty-mine"
          icon="inbox"
          title={t("empty.mineTitle")}
          text={t("empty.mineNone")}
        />
      );
    case "queue":
      return (
        <EmptyState
          testId="empty-queue"
          icon="clock"
          title={t("empty.queueTitle")}
          text={t("empty.queueText")}
        >
          <Button onClick={() => setScope("mine")} keys={keyText("scopeMine")}>
            {t("empty.seeMine")}
          </Button>
        </EmptyState>
      );
    case "all":
      return (
        <EmptyState
          testId="empty-all"
          icon="inbox"
          title={t("empty.allTitle")}
          text={t("empty.allText")}
        />
      );
    case "snoozed":
      return (
        <EmptyState
          testId="empty-snoozed"
          icon="snooze"
          title={t("empty.snoozedTitle")}
          text={t("empty.snoozedText")}
        />
      );
    case "resolved":
      return (
        <EmptyState
          testId="empty-resolved"
          icon="check"
          title={t("empty.resolvedTitle")}
          text={t("empty.resolvedText")}
        />
      );
  }
};

const QueueWaits: FC<{ n: number }> = ({ n }) => {
  const { t } = useTranslation();
  const span = useSpan();
  const now = useNow();
  const { data } = useInbox({ scope: "queue", sort: "waiting" });
  if (!data) return null;
  const first = Math.min(...data.rows.map((row) => row.waiting_since ?? now), now);
  return (
    <EmptyState
      testId="empty-mine"
      icon="inbox"
      title={t("empty.mineTitle")}
      text={t("empty.mineQueue", { n, span: span(now - first) })}
    >
      <Button onClick={() => run("takeNext")} keys={keyText("takeNext")}>
        {t("empty.takeNext")}
      </Button>
    </EmptyState>
  );
};
