import { QueryClientProvider } from "@tanstack/react-query";
import i18next from "i18next";
import { StrictMode } from "react";
import type { Root } from "react-dom/client";
import { call } from "@/ipc/call";
import { makeClient } from "@/ipc/client";
import { handle } from "@/ipc/events";
import type { NoticeCode } from "@/ipc/generated/NoticeCode";
import type { TicketId } from "@/ipc/generated/TicketId";
import type { TicketNews } from "@/ipc/generated/TicketNews";
import type { UiEvent } from "@/ipc/generated/UiEvent";
import { keys } from "@/ipc/keys";
import { connectionQuery, inboxWindow, sessionQuery } from "@/ipc/queries";
import { toast } from "@/kit/Notice";
import { ALERT_TONES, NOTICE_TONES, TICKET_TONES } from "@/parts/notices";
import { platform } from "@/platform";
import { useRoutes } from "@/routes";
import { App } from "./App";
import { BootError } from "./BootError";

function onNotice(code: NoticeCode): void {
  const { setScope, go, show } = useRoutes.getState();
  const actions: Partial<Record<NoticeCode, { label: string; run: () => void }>> = {
    new_conversation: {
      label: i18next.t("notice.seeQueue"),
      run: () => {
        go("inbox");
        setScope("queue");
      },
    },
    reply_refused: { label: i18next.t("notice.seeOutbox"), run: () => show("outbox") },
    key_due: {
      label: i18next.t("notice.seeSettings"),
      run: () => useRoutes.getState().showSettings("desk"),
    },
    edit_conflict: { label: i18next.t("notice.seeOutbox"), run: () => show("outbox") },
  };
  toast(NOTICE_TONES[code], i18next.t(`notice.${code}`), actions[code]);
}

function onTicket(id: TicketId, number: string, news: TicketNews): void {
  toast(TICKET_TONES[news], i18next.t(`ticket.news.${news}`, { number }), {
    label: i18next.t("ticket.create.see"),
    run: () => useRoutes.getState().openTicket(id),
  });
}

function onAlert({ alert_id, name, severity, news }: Extract<UiEvent, { kind: "alert" }>): void {
  const tone = news === "resolved" ? "success" : ALERT_TONES[severity];
  toast(tone, i18next.t(`alerts.news.${news}`, { name }), {
    label: i18next.t("alerts.see"),
    run: () => useRoutes.getState().openAlert(alert_id),
  });
}

/** Listens, asks where the session stands and what the first room shows, then paints once. */
export async function boot(root: Root): Promise<void> {
  const client = makeClient();
  try {
    await platform().subscribe(
      (event) =>
        handle(client, event, {
          onOpen: (id) => useRoutes.getState().openConversation(id),
          onOpenAlert: (id) => useRoutes.getState().openAlert(id),
          onAlert,
          onOpenTicket: (id) => useRoutes.getState().openTicket(id),
          onNotice,
          onTicket,
        }),
      () => void client.invalidateQueries(),
    );
    const session = await client.fetchQuery(sessionQuery);
    if (session.phase === "ready") {
      await Promise.allSettled([
        client.prefetchQuery(inboxWindow({ scope: "mine", sort: "waiting" })),
        client.prefetchQuery(connectionQuery),
      ]);
    }
    await client.prefetchQuery({
      queryKey: keys.settings,
      queryFn: () => call("settings.get", {}),
    });
  } catch (error) {
    root.render(<BootError error={error} />);
    return;
  }
  root.render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  );
}
