import { type FC, lazy, Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Alerts } from "@/features/alerts/Alerts";
import { AlertsPane } from "@/features/alerts/AlertsPane";
import { Inbox } from "@/features/inbox/Inbox";
import { useDesk as useInbox } from "@/features/inbox/store";
import { Knowledge } from "@/features/knowledge/Knowledge";
import { Live } from "@/features/live/Live";
import { Offers } from "@/features/offers/Offers";
import { Outbox } from "@/features/outbox/Outbox";
import { KeysDialog } from "@/features/palette/KeysDialog";
import { Palette } from "@/features/palette/Palette";
import { Quality } from "@/features/quality/Quality";
import { Search } from "@/features/search/Search";
import { Lease } from "@/features/session/Lease";
import { Login } from "@/features/session/Login";
import { Unlock } from "@/features/session/Unlock";
import { Settings } from "@/features/settings/Settings";
import { FileTicket } from "@/features/tickets/create/FileTicket";
import { useDesk as useTickets } from "@/features/tickets/store";
import { Tickets } from "@/features/tickets/Tickets";
import { useHotkeys } from "@/hotkeys";
import { useSession } from "@/ipc/queries";
import { dropOffers, ToastRegion } from "@/kit/Notice";
import { useRoutes } from "@/routes";
import css from "./App.module.css";
import { Banner } from "./Banner";
import { PresenceHint } from "./PresenceHint";
import { Rail } from "./Rail";
import { ReturnedHint } from "./ReturnedHint";
import { Strip } from "./Strip";
import { usePresenceKnown } from "./useDesk";
import { useDeskActions } from "./useDeskActions";
import { useLook } from "./useLook";

/** Leads only come here: who does not, does not load it. */
const Metrics = lazy(async () => ({
  default: (await import("@/features/metrics/Metrics")).Metrics,
}));

/** The window: the way in, or the desk. */
export const App: FC = () => {
  const { t } = useTranslation();
  const { data: session } = useSession();
  useLook();
  return (
    <>
      {session?.phase === "locked" && <Unlock session={session} />}
      {(session?.phase === "fresh" || session?.phase === "signed_out") && (
        <Login key={session.phase} session={session} />
      )}
      {session?.phase === "lease_ended" && <Lease session={session} />}
      {session?.phase === "ready" && <Desk key={session.me.id} />}
      <ToastRegion label={t("app.notices")} closeLabel={t("app.close")} />
    </>
  );
};

const Desk: FC = () => {
  const { room, overlay, filing } = useRoutes();
  useHotkeys(overlay !== null || filing !== null);
  useDeskActions();
  useEffect(
    () => () => {
      useRoutes.setState(useRoutes.getInitialState(), true);
      usePresenceKnown.setState({ known: false });
      useInbox.setState({ undo: null });
      useTickets.setState({ undo: null });
      dropOffers();
    },
    [],
  );
  return (
    <div className={css.desk}>
      <Rail />
      <Strip />
      <div className={css.sheet}>
        <Banner />
        <PresenceHint />
        <ReturnedHint />
        {room === "inbox" && <Inbox />}
        {room === "live" && <Live />}
        {room === "tickets" && <Tickets />}
        {room === "knowledge" && <Knowledge />}
        {room === "metrics" && (
          <div className={css.beside}>
            <Suspense fallback={<main />}>
              <Metrics />
            </Suspense>
            <AlertsPane />
          </div>
        )}
        {room === "alerts" && <Alerts />}
        {room === "quality" && <Quality />}
        {room === "search" && <Search />}
        {room === "settings" && <Settings />}
      </div>
      <Palette />
      <KeysDialog />
      <Outbox />
      <FileTicket />
      <Offers />
    </div>
  );
};
