import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { Bell } from "@/features/alerts/bell/Bell";
import { keyText, run } from "@/hotkeys";
import type { ConnectionState } from "@/ipc/generated/ConnectionState";
import type { FetchView } from "@/ipc/generated/FetchView";
import { useConnection, useMe, useSettings } from "@/ipc/queries";
import { Button } from "@/kit/Button";
import { cx } from "@/kit/cx";
import { Icon, type IconName } from "@/kit/Icon";
import { Kbd } from "@/kit/Kbd";
import { Avatar, PresenceMark } from "@/kit/Marks";
import { Menu, MenuChoice, MenuHead, MenuItem, MenuLine } from "@/kit/Menu";
import { Progress } from "@/kit/Progress";
import { selfLetter } from "@/lib/text";
import { timeOfDay } from "@/lib/time";
import { useDebounced } from "@/lib/useDebounced";
import { useRoutes } from "@/routes";
import css from "./Strip.module.css";
import { useDesk } from "./useDesk";

const STAYS_MS = 1_500;
const PRESENCES = ["online", "busy", "away", "transfer_only", "offline"] as const;
const STATES: Record<
  ConnectionState,
  {
    icon: IconName;
    text: "online" | "syncing" | "offline" | "upgradeRequired" | "signedOut";
    tone: string | undefined;
  }
> = {
  online: { icon: "check", text: "online", tone: "success" },
  syncing: { icon: "sync", text: "syncing", tone: "muted" },
  offline: { icon: "offline", text: "offline", tone: "soft" },
  upgrade_required: { icon: "warn", text: "upgradeRequired", tone: "warning" },
  signed_out: { icon: "lock", text: "signedOut", tone: "warning" },
};

/** The top strip: search, connection, presence, account. */
export const Strip: FC = () => {
  const { t } = useTranslation();
  const show = useRoutes((routes) => routes.show);
  return (
    <header className={css.strip}>
      <button
        type="button"
        className={css.search}
        onClick={() => show("palette")}
        data-testid="search"
      >
        <Icon name="search" />
        <span className="grow one">{t("strip.search")}</span>
        <Kbd keys={keyText("palette")} />
      </button>
      <span className="grow" />
      <Connection />
      <Presence />
      <Bell />
      <Account />
    </header>
  );
};

const Connection: FC = () => {
  const { t } = useTranslation();
  const { data } = useConnection();
  // Online, what waits is gone in a moment; only what stays is worth a word.
  const stays = useDebounced(data?.pending ?? 0, STAYS_MS);
  if (!data) return null;
  const { icon, text, tone } = STATES[data.state];
  const away = data.state !== "online";
  const waiting = away ? data.pending : Math.min(stays, data.pending);
  return (
    <button
      type="button"
      className={css.state}
      onClick={() => run("outbox")}
      title={`${t("outbox.title")} (${keyText("outbox")})`}
      data-testid="connection"
      data-state={data.state}
      data-pending={data.pending}
    >
      <span role="status" className="hstack">
        <span className={cx(css.mark, tone)}>
          <Icon name={icon} size={14} />
        </span>
        <span>{t(`strip.${text}`)}</span>
        {data.fetching && data.fetching.total > 0 && <Fetching fetching={data.fetching} />}
        {data.state === "online" && data.synced_at !== null && (
          <span className={cx("muted", css.when)}>
            {t("strip.synced", { time: timeOfDay(data.synced_at) })}
          </span>
        )}
        {data.state === "offline" && (
          <span className={cx("muted", css.when)}>
            {t("strip.since", { time: timeOfDay(data.since) })}
          </span>
        )}
        {waiting > 0 && (
          <span className={away ? "warning" : "muted"}>{t("strip.pending", { n: waiting })}</span>
        )}
        {data.conflicts > 0 && (
          <span className="warning" data-testid="conflict-count">
            {t("strip.conflicts", { n: data.conflicts })}
          </span>
        )}
        {data.refused > 0 && (
          <span className="danger" data-testid="refused-count">
            {t("strip.refused", { n: data.refused })}
          </span>
        )}
      </span>
    </button>
  );
};

/** A first fetch has an end in sight. */
const Fetching: FC<{ fetching: FetchView }> = ({ fetching: { done, total } }) => {
  const { t, i18n } = useTranslation();
  const number = (n: number) => n.toLocaleString(i18n.language);
  return (
    <>
      <Progress value={done} max={total} label={t("strip.fetching")} />
      <span className={cx("muted", css.count)} data-testid="fetching">
        {t("strip.fetched", { done: number(done), total: number(total) })}
      </span>
    </>
  );
};

const Presence: FC = () => {
  const { t } = useTranslation();
  const me = useMe();
  const { setPresence } = useDesk();
  if (!me) return null;
  return (
    <Menu
      label={t("strip.presence")}
      align="end"
      trigger={
        <Button look="ghost" className={css.presence} data-testid="presence">
          <PresenceMark shape={me.presence} />
          {t(`presence.${me.presence}`)}
          {me.presence === "online" && ` ${me.load}/${me.capacity}`}
          <Icon name="down" size={12} />
        </Button>
      }
    >
      <MenuChoice
        value={me.presence}
        onChange={(presence) => void setPresence(presence)}
        items={PRESENCES.map((id) => ({
          id,
          label: t(`presence.${id}`),
          mark: <PresenceMark shape={id} />,
          testId: `presence-${id}`,
        }))}
      />
    </Menu>
  );
};

const Account: FC = () => {
  const { t } = useTranslation();
  const me = useMe();
  const { data: settings } = useSettings();
  const { change } = useDesk();
  const go = useRoutes((routes) => routes.go);
  if (!me) return null;
  return (
    <Menu
      label={t("strip.account", { name: me.display_name })}
      align="end"
      trigger={
        <button
          type="button"
          className={css.me}
          aria-label={t("strip.account", { name: me.display_name })}
          data-testid="account"
        >
          <Avatar letter={selfLetter(me.display_name)} size={24} self />
        </button>
      }
    >
      <MenuHead className={css.who}>
        <p className="strong">{me.display_name}</p>
        <p>{[t(`role.${me.role}`), ...me.groups].join(t("app.comma"))}</p>
      </MenuHead>
      <MenuLine />
      {settings && (
        <>
          <MenuChoice
            head={t("settings.theme")}
            value={settings.theme}
            onChange={(theme) => void change({ theme })}
            items={[
              { id: "system", label: t("settings.themeSystem") },
              { id: "light", label: t("settings.themeLight") },
              { id: "dark", label: t("settings.themeDark") },
            ]}
          />
          <MenuLine />
          <MenuChoice
            head={t("settings.language")}
            value={settings.locale}
            onChange={(locale) => void change({ locale })}
            items={[
              { id: "zh-CN", label: "简体中文" },
              { id: "en", label: "English" },
            ]}
          />
          <MenuLine />
        </>
      )}
      <MenuItem icon="gear" keys={keyText("settings")} onSelect={() => go("settings")}>
        {t("room.settings")}
      </MenuItem>
      <MenuItem icon="keyb" keys="?" onSelect={() => run("keys")}>
        {t("keys.title")}
      </MenuItem>
      <MenuItem icon="lock" keys={keyText("lock")} onSelect={() => run("lock")} testId="lock">
        {t("strip.lock")}
      </MenuItem>
      <MenuItem icon="arrow" onSelect={() => run("signOut")} testId="sign-out">
        {t("strip.signOut")}
      </MenuItem>
    </Menu>
  );
};
