import { useQueryClient } from "@tanstack/react-query";
import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@/ipc/call";
import type { ConnectionView } from "@/ipc/generated/ConnectionView";
import { keys } from "@/ipc/keys";
import { useConnection, useOutbox } from "@/ipc/queries";
import { Button, LinkButton } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";
import { EmptyState } from "@/kit/EmptyState";
import type { IconName } from "@/kit/Icon";
import { Notice, type Tone } from "@/kit/Notice";
import { timeOfDay } from "@/lib/time";
import { useRoutes } from "@/routes";
import { Conflicts } from "./Conflicts";
import { Part } from "./Items";

const LOOKS: Record<ConnectionView["state"], { tone: Tone; icon: IconName }> = {
  online: { tone: "success", icon: "check" },
  syncing: { tone: "plain", icon: "sync" },
  offline: { tone: "plain", icon: "offline" },
  upgrade_required: { tone: "warning", icon: "warn" },
  signed_out: { tone: "warning", icon: "lock" },
};

/** 同步中心: how the desk stands to the server, what is in conflict, what was refused and what waits. */
export const Outbox: FC = () => {
  const { t } = useTranslation();
  const { overlay, show } = useRoutes();
  const open = overlay === "outbox";
  const { data: connection } = useConnection();
  const { data } = useOutbox();
  const items = data?.items ?? [];
  const conflicts = data?.conflicts ?? [];
  const waiting = items.filter(({ refused }) => refused === null);
  const refused = items.filter(({ refused: code }) => code !== null);
  return (
    <Dialog
      open={open}
      onClose={() => show(null)}
      title={t("outbox.title")}
      size="xl"
      testId="outbox"
      foot={<Button onClick={() => show(null)}>{t("app.close")}</Button>}
    >
      {connection && <State connection={connection} />}
      {data !== undefined && data.healed > 0 && (
        <p className="small muted" data-testid="healed">
          {t("outbox.healed", { n: data.healed })}
        </p>
      )}
      {items.length === 0 && conflicts.length === 0 && (
        <EmptyState icon="check" title={t("outbox.none")} text={t("outbox.noneText")} />
      )}
      <Conflicts items={conflicts} />
      <Part title={t("outbox.refused")} items={refused} />
      <Part title={t("outbox.waiting")} items={waiting} />
    </Dialog>
  );
};

const State: FC<{ connection: ConnectionView }> = ({ connection }) => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const show = useRoutes((routes) => routes.show);
  const { state, since, synced_at } = connection;
  const text = {
    online:
      synced_at === null
        ? t("outbox.onlineNever")
        : t("outbox.online", { time: timeOfDay(synced_at) }),
    syncing: t("outbox.syncing"),
    offline: t("outbox.offline", { time: timeOfDay(since) }),
    upgrade_required: t("outbox.upgradeRequired"),
    signed_out: t("outbox.signedOut"),
  }[state];
  const signIn = async () => {
    show(null);
    client.setQueryData(keys.session, await call("session.logout", {}));
  };
  return (
    <Notice
      tone={LOOKS[state].tone}
      icon={LOOKS[state].icon}
      action={
        state === "signed_out" && (
          <LinkButton onClick={() => void signIn()}>{t("outbox.signIn")}</LinkButton>
        )
      }
    >
      {text}
    </Notice>
  );
};
