import { useQueryClient } from "@tanstack/react-query";
import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { errorText, refusedText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { ConnectionView } from "@/ipc/generated/ConnectionView";
import type { OutboxItem } from "@/ipc/generated/OutboxItem";
import { keys } from "@/ipc/keys";
import { useConnection, useOutbox } from "@/ipc/queries";
import { Button, LinkButton } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";
import { EmptyState } from "@/kit/EmptyState";
import { Icon, type IconName } from "@/kit/Icon";
import { Notice, type Tone, toast } from "@/kit/Notice";
import { timeOfDay } from "@/lib/time";
import { backToDraft } from "@/parts/drafts";
import { useRoutes } from "@/routes";
import css from "./Outbox.module.css";

const LOOKS: Record<ConnectionView["state"], { tone: Tone; icon: IconName }> = {
  online: { tone: "success", icon: "check" },
  syncing: { tone: "plain", icon: "sync" },
  offline: { tone: "plain", icon: "offline" },
  upgrade_required: { tone: "warning", icon: "warn" },
  signed_out: { tone: "warning", icon: "lock" },
};

/** 同步中心: how the desk stands to the server, what waits and what was refused. */
export const Outbox: FC = () => {
  const { t } = useTranslation();
  const { overlay, show } = useRoutes();
  const open = overlay === "outbox";
  const { data: connection } = useConnection();
  const { data } = useOutbox();
  const items = data?.items ?? [];
  const waiting = items.filter(({ refused }) => refused === null);
  const refused = items.filter(({ refused: code }) => code !== null);
  return (
    <Dialog
      open={open}
      onClose={() => show(null)}
      title={t("outbox.title")}
      size="lg"
      testId="outbox"
      foot={<Button onClick={() => show(null)}>{t("app.close")}</Button>}
    >
      {connection && <State connection={connection} />}
      {items.length === 0 && (
        <EmptyState icon="check" title={t("outbox.none")} text={t("outbox.noneText")} />
      )}
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

const Part: FC<{ title: string; items: readonly OutboxItem[] }> = ({ title, items }) => {
  const { t } = useTranslation();
  if (items.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3 className={css.head}>
        {title} <span className="muted num">{items.length}</span>
      </h3>
      <ul>
        {items.map((item) => (
          <Line key={item.op_id} item={item} kind={t(`outbox.kind.${kindOf(item.kind)}`)} />
        ))}
      </ul>
    </section>
  );
};

const kindOf = (kind: string) => {
  if (kind.startsWith("engine.")) return "engine";
  const part = kind.split(".").at(-1);
  switch (part) {
    case "send":
      return "message";
    case "claim":
    case "resolve":
    case "read":
      return part;
    case "set":
      return "presence";
    default:
      return kind.startsWith("message") ? "message" : "other";
  }
};

const Line: FC<{ item: OutboxItem; kind: string }> = ({ item, kind }) => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const openConversation = useRoutes((routes) => routes.openConversation);
  const { op_id, refused, conversation_id, text } = item;
  const act = (work: Promise<unknown>) =>
    void work.catch((error: unknown) => toast("danger", errorText(t, error)));
  return (
    <li className={css.line} data-testid="outbox-item" data-refused={refused ?? undefined}>
      <Icon name={refused ? "warn" : "clock"} className={refused ? "danger" : "warning"} />
      <div className="grow">
        <p className="one">{text || kind}</p>
        <p className="small muted">
          {kind}
          <i className="sep" />
          <span className="num">{timeOfDay(item.at)}</span>
          {refused && (
            <>
              <i className="sep" />
              <span className="danger">{refusedText(t, refused)}</span>
            </>
          )}
        </p>
      </div>
      {conversation_id && (
        <LinkButton className="small" onClick={() => openConversation(conversation_id)}>
          {t("outbox.open")}
        </LinkButton>
      )}
      {refused && (
        <>
          <Button
            size="sm"
            onClick={() => act(call("outbox.retry", { op_id }))}
            data-testid="outbox-retry"
          >
            {t("outbox.retry")}
          </Button>
          <Button
            size="sm"
            look="ghost"
            onClick={() => act(backToDraft(client, op_id, text === "" ? null : conversation_id))}
            data-testid="outbox-discard"
          >
            {t(text === "" ? "outbox.discard" : "outbox.toDraft")}
          </Button>
        </>
      )}
    </li>
  );
};
