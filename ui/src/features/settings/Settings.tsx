import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { keyText } from "@/hotkeys";
import { errorText } from "@/i18n/words";
import type { Settings as Values } from "@/ipc/generated/Settings";
import {
  useChangeSettings,
  useConnection,
  useInfo,
  useMe,
  useSession,
  useSettings,
} from "@/ipc/queries";
import { Button } from "@/kit/Button";
import { Switch } from "@/kit/Field";
import { toast } from "@/kit/Notice";
import { Segments, Tabs } from "@/kit/Tabs";
import { type SettingsTab, useRoutes } from "@/routes";
import { Canned } from "./canned/Canned";
import { EngineSettings } from "./engine/EngineSettings";
import { Hotkeys } from "./hotkeys/Hotkeys";
import { Line, Section } from "./Lines";
import { Members } from "./members/Members";
import { OwnPassword } from "./members/OwnPassword";
import { Routing } from "./routing/Routing";
import css from "./Settings.module.css";
import { Backup } from "./safekeeping/Backup";
import { Security } from "./safekeeping/Security";
import { Surveys } from "./survey/Surveys";
import { TicketTypes } from "./tickets/TicketTypes";

const PANEL = "settings-panel";
const SYSTEMS: Record<string, string> = { linux: "Linux", macos: "macOS", windows: "Windows" };

/** Settings: of this installation, its keys and canned replies, and for an administrator the engine. */
export const Settings: FC = () => {
  const { t } = useTranslation();
  const { settingsTab, showSettings } = useRoutes();
  const role = useMe()?.role;
  const isAdmin = role === "admin";
  const tabs: { id: SettingsTab; label: string }[] = [
    { id: "desk", label: t("settings.desk") },
    { id: "keys", label: t("keys.title") },
    { id: "canned", label: t("canned.title") },
    ...(isAdmin ? [{ id: "engine" as const, label: t("engine.title") }] : []),
    ...(isAdmin ? [{ id: "members" as const, label: t("members.title") }] : []),
    ...(isAdmin || role === "team_lead"
      ? [{ id: "routing" as const, label: t("routingSettings.title") }]
      : []),
    ...(isAdmin
      ? [
          { id: "tickets" as const, label: t("ticketType.title") },
          { id: "surveys" as const, label: t("surveySettings.title") },
        ]
      : []),
  ];
  const { id: tab, label } = tabs.find(({ id }) => id === settingsTab) ?? {
    id: "desk",
    label: t("settings.desk"),
  };
  return (
    <main className={`${css.page} scroll`} data-testid="settings">
      <div className={css.column}>
        <h1>{t("settings.title")}</h1>
        <div className={css.tabs}>
          <Tabs
            label={t("settings.title")}
            testId="settings"
            panelId={PANEL}
            value={tab}
            onChange={showSettings}
            items={tabs}
          />
        </div>
        <div id={PANEL} role="tabpanel" aria-label={label}>
          {tab === "desk" && <DeskSettings />}
          {tab === "keys" && <Hotkeys />}
          {tab === "canned" && <Canned />}
          {tab === "engine" && <EngineSettings />}
          {tab === "members" && <Members />}
          {tab === "routing" && <Routing />}
          {tab === "tickets" && <TicketTypes />}
          {tab === "surveys" && <Surveys />}
        </div>
      </div>
    </main>
  );
};

/** Settings of this installation. A choice holds at once. */
const DeskSettings: FC = () => {
  const { t } = useTranslation();
  const { data: settings } = useSettings();
  const { data: info } = useInfo();
  const { data: session } = useSession();
  const { data: connection } = useConnection();
  const show = useRoutes((routes) => routes.show);
  const change = useChangeSettings();
  const set = (values: Partial<Values>) =>
    void change(values).catch((error: unknown) => toast("danger", errorText(t, error)));
  const ready = session?.phase === "ready" ? session : undefined;

  return (
    <>
      {settings && (
        <>
          <Section title={t("settings.look")}>
            <Line label={t("settings.theme")}>
              <Segments
                label={t("settings.theme")}
                value={settings.theme}
                onChange={(theme) => set({ theme })}
                items={[
                  { id: "system", label: t("settings.themeSystem") },
                  { id: "light", label: t("settings.themeLight") },
                  { id: "dark", label: t("settings.themeDark") },
                ]}
              />
            </Line>
            <Line label={t("settings.language")}>
              <Segments
                label={t("settings.language")}
                value={settings.locale}
                onChange={(locale) => set({ locale })}
                items={[
                  { id: "zh-CN", label: "简体中文" },
                  { id: "en", label: "English" },
                ]}
              />
            </Line>
          </Section>
          <Section title={t("settings.notifications")}>
            <Line label={t("settings.notify")} hint={t("settings.notifyHint")}>
              <Switch
                label={t("settings.notify")}
                checked={settings.notifications === "on"}
                onChange={(on) => set({ notifications: on ? "on" : "off" })}
                testId="notifications"
              />
            </Line>
            <Line label={t("settings.content")} hint={t("settings.contentHint")}>
              <Segments
                label={t("settings.content")}
                value={settings.notification_content}
                onChange={(notification_content) => set({ notification_content })}
                items={[
                  { id: "hidden", label: t("settings.contentHidden") },
                  { id: "masked", label: t("settings.contentMasked") },
                ]}
              />
            </Line>
          </Section>
        </>
      )}
      <Section title={t("settings.storage")}>
        <Line label={t("settings.server")}>
          <span className="soft">{ready?.server}</span>
        </Line>
        <Line label={t("settings.account")}>
          <span className="soft">
            {ready && [ready.me.display_name, ready.me.username].join(t("app.comma"))}
          </span>
          <OwnPassword />
        </Line>
        <Line label={t("settings.groups")}>
          <span className="soft">{ready?.me.groups.join("、")}</span>
        </Line>
        <Line
          label={t("settings.state")}
          hint={
            connection && connection.pending > 0
              ? t("settings.pending", { n: connection.pending })
              : undefined
          }
        >
          <Button onClick={() => show("outbox")} keys={keyText("outbox")}>
            {t("settings.openOutbox")}
          </Button>
        </Line>
      </Section>
      <Security />
      <Backup />
      <Section title={t("settings.about")}>
        <Line label={t("settings.version")}>
          <span className="soft num">{info && `${t("app.name")} ${info.version}`}</span>
        </Line>
        <Line label={t("settings.platform")}>
          <span className="soft">{info && (SYSTEMS[info.platform] ?? info.platform)}</span>
        </Line>
        <Line label={t("keys.title")}>
          <Button onClick={() => show("keys")} keys="?">
            {t("action.keys")}
          </Button>
        </Line>
      </Section>
    </>
  );
};
