import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { keyText, run } from "@/hotkeys";
import { Button } from "@/kit/Button";
import { EmptyState } from "@/kit/EmptyState";
import { filtersOn, useDesk } from "./store";

/** Why there is no ticket, and what to do. */
export const Nothing: FC = () => {
  const { t } = useTranslation();
  const { scope, filters, clear } = useDesk();
  if (filtersOn(filters) > 0)
    return (
      <EmptyState
        icon="search"
        title={t("ticket.emptyFilter")}
        text={t("ticket.emptyFilterText")}
        testId="tickets-none"
      >
        <Button onClick={clear}>{t("ticket.clear")}</Button>
      </EmptyState>
    );
  if (scope === "waiting")
    return (
      <EmptyState
        icon="ticket"
        title={t("ticket.emptyTitle")}
        text={t("ticket.emptyWaitingText")}
        testId="tickets-none"
      />
    );
  return (
    <EmptyState
      icon="ticket"
      title={t("ticket.emptyTitle")}
      text={t("ticket.emptyText", { keys: keyText("ticketNew") })}
      testId="tickets-none"
    >
      <Button onClick={() => run("ticketNew")} keys={keyText("ticketNew")}>
        {t("ticket.file")}
      </Button>
    </EmptyState>
  );
};
