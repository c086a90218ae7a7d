import { useQueryClient } from "@tanstack/react-query";
import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { useAlertPrefs } from "@/ipc/alerts";
import { call } from "@/ipc/call";
import type { AlertPrefs } from "@/ipc/generated/AlertPrefs";
import type { AlertPrefsView } from "@/ipc/generated/AlertPrefsView";
import type { Severity } from "@/ipc/generated/Severity";
import { keys } from "@/ipc/keys";
import { useChangeSettings, useSettings } from "@/ipc/queries";
import { Button } from "@/kit/Button";
import { Switch } from "@/kit/Field";
import { ChoiceField, LineField } from "@/kit/FormField";
import { Notice, toast } from "@/kit/Notice";
import fields from "./Fields.module.css";
import css from "./Prefs.module.css";
import { QuietField } from "./QuietField";
import { ReportField } from "./ReportField";
import { ReportSent } from "./ReportSent";
import { SEVERITIES } from "./words";

/** How the lead at this desk is told of alerts and numbers: the same at every desk, but for this desk's own window. */
export const Prefs: FC = () => {
  const { t } = useTranslation();
  const { data, error } = useAlertPrefs();
  if (error) return <Notice tone="danger">{errorText(t, error)}</Notice>;
  if (!data) return null;
  return (
    <div className={`${css.page} scroll`} data-testid="alert-prefs">
      <div className={css.column}>
        <p className="soft">{t("alerts.prefs.about")}</p>
        <Form key={JSON.stringify(data)} stored={data} />
        <ReportSent
          me={data.agent_id}
          hasEmail={data.prefs.email !== ""}
          isWanted={data.report !== null}
        />
        <Here />
      </div>
    </div>
  );
};

const EMAIL = /^[^\s@<>()[\],;:\\"]+@[^\s@.]+(\.[^\s@.]+)*$/;
const PHONE = /^\+?\d{5,15}$/;

const Form: FC<{ stored: AlertPrefsView }> = ({ stored }) => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [prefs, setPrefs] = useState(stored.prefs);
  const [report, setReport] = useState(stored.report);
  const set = (change: Partial<AlertPrefs>) => setPrefs({ ...prefs, ...change });
  const wrongEmail = prefs.email !== "" && !EMAIL.test(prefs.email);
  const wrongPhone = prefs.phone !== "" && !PHONE.test(prefs.phone);
  const isNowhere = report !== null && prefs.email === "";
  const isChanged =
    JSON.stringify([prefs, report]) !== JSON.stringify([stored.prefs, stored.report]);
  const save = async () => {
    try {
      client.setQueryData(keys.alertPrefs, await call("alert.prefs_set", { prefs, report }));
      toast("success", t("alerts.prefs.saved"));
    } catch (error) {
      toast("danger", errorText(t, error));
    }
  };
  return (
    <form
      className={fields.stack}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <From
        label={t("alerts.prefs.popup")}
        value={prefs.popup_from}
        onChange={(popup_from) => set({ popup_from })}
        testId="popup-from"
      />
      <div className={fields.row}>
        <LineField
          label={t("alerts.prefs.email")}
          type="email"
          value={prefs.email}
          error={wrongEmail ? t("alerts.prefs.wrongEmail") : undefined}
          onChange={(event) => set({ email: event.currentTarget.value.trim() })}
          data-testid="prefs-email"
        />
        <From
          label={t("alerts.prefs.emailFrom")}
          value={prefs.email_from}
          onChange={(email_from) => set({ email_from })}
        />
      </div>
      <div className={fields.row}>
        <LineField
          label={t("alerts.prefs.phone")}
          type="tel"
          value={prefs.phone}
          error={wrongPhone ? t("alerts.prefs.wrongPhone") : undefined}
          onChange={(event) => set({ phone: event.currentTarget.value.replace(/[\s-]/g, "") })}
          data-testid="prefs-phone"
        />
        <From
          label={t("alerts.prefs.smsFrom")}
          value={prefs.sms_from}
          onChange={(sms_from) => set({ sms_from })}
        />
      </div>
      <QuietField value={prefs.quiet} onChange={(quiet) => set({ quiet })} />
      <ReportField
        value={report}
        onChange={setReport}
        error={isNowhere ? t("alerts.report.noEmail") : undefined}
      />
      {report && <p className="small muted">{t(`alerts.report.about.${report.every}`)}</p>}
      <p>
        <Button
          look="primary"
          type="submit"
          disabled={!isChanged || wrongEmail || wrongPhone || isNowhere}
          data-testid="prefs-save"
        >
          {t("app.save")}
        </Button>
      </p>
    </form>
  );
};

type FromProps = {
  label: string;
  value: Severity | null;
  onChange: (from: Severity | null) => void;
  testId?: string;
};

/** From which severity on. */
const From: FC<FromProps> = ({ label, value, onChange, testId }) => {
  const { t } = useTranslation();
  return (
    <ChoiceField
      label={label}
      value={value ?? ""}
      items={[
        ...[...SEVERITIES].reverse().map((id) => ({ id, label: t(`alerts.prefs.from.${id}`) })),
        { id: "", label: t("alerts.prefs.never") },
      ]}
      onChoose={(id) => onChange(SEVERITIES.find((each) => each === id) ?? null)}
      data-testid={testId}
    />
  );
};

/** What holds at this desk alone. */
const Here: FC = () => {
  const { t } = useTranslation();
  const { data: settings } = useSettings();
  const change = useChangeSettings();
  if (!settings) return null;
  const set = (on: boolean) =>
    void change({ alert_window: on ? "on" : "off" }).catch((error: unknown) =>
      toast("danger", errorText(t, error)),
    );
  return (
    <section className={css.here} aria-label={t("alerts.prefs.here")}>
      <h3>{t("alerts.prefs.here")}</h3>
      <div className={css.line}>
        <div className="grow">
          <p>{t("alerts.prefs.window")}</p>
          <p className="small muted">{t("alerts.prefs.windowHint")}</p>
        </div>
        <Switch
          label={t("alerts.prefs.window")}
          checked={settings.alert_window !== "off"}
          onChange={set}
          testId="alert-window-switch"
        />
      </div>
    </section>
  );
};
