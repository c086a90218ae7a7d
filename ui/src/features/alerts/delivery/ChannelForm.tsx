import { useQueryClient } from "@tanstack/react-query";
import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { ChannelSettings } from "@/ipc/generated/ChannelSettings";
import type { ChannelView } from "@/ipc/generated/ChannelView";
import type { DeliveryTest } from "@/ipc/generated/DeliveryTest";
import type { NotifyChannel } from "@/ipc/generated/NotifyChannel";
import { keys } from "@/ipc/keys";
import { Button } from "@/kit/Button";
import { CheckField, LineField } from "@/kit/FormField";
import { Notice, toast } from "@/kit/Notice";
import { dateText, timeOfDay } from "@/lib/time";
import fields from "../Fields.module.css";
import css from "./Delivery.module.css";
import { EmailFields } from "./EmailFields";
import { SmsFields } from "./SmsFields";
import { firstOf, isFilled } from "./settings";
import { WebhookFields } from "./WebhookFields";

type Props = { channel: NotifyChannel; view: ChannelView | undefined };

/** How one way is set up. The secret goes in and never comes out again. */
export const ChannelForm: FC<Props> = ({ channel, view }) => {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const [settings, setSettings] = useState<ChannelSettings>(view?.settings ?? firstOf(channel));
  const [enabled, setEnabled] = useState(view?.enabled ?? true);
  const [secret, setSecret] = useState("");
  const [busy, setBusy] = useState(false);
  const isChanged =
    !view ||
    secret !== "" ||
    enabled !== view.enabled ||
    JSON.stringify(settings) !== JSON.stringify(view.settings);
  const save = async () => {
    setBusy(true);
    try {
      const saved = await call("delivery.save", {
        settings,
        enabled,
        ...(secret !== "" && { secret }),
      });
      client.setQueryData(keys.delivery, saved);
      toast("success", t("alerts.delivery.saved"));
    } catch (error) {
      toast("danger", errorText(t, error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <form
        className={fields.stack}
        aria-label={t(`alerts.channel.${channel}`)}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
        data-testid={`delivery-${channel}`}
      >
        <CheckField label={t("alerts.delivery.enabled")} checked={enabled} onChange={setEnabled} />
        {settings.channel === "email" && (
          <EmailFields
            settings={settings.settings}
            onChange={(next) => setSettings({ channel: "email", settings: next })}
          />
        )}
        {settings.channel === "sms" && (
          <SmsFields
            settings={settings.settings}
            onChange={(next) => setSettings({ channel: "sms", settings: next })}
          />
        )}
        {settings.channel === "webhook" && (
          <WebhookFields
            settings={settings.settings}
            onChange={(next) => setSettings({ channel: "webhook", settings: next })}
          />
        )}
        <LineField
          label={t(`alerts.delivery.secret.${channel}`)}
          hint={view?.has_secret ? t("alerts.delivery.hasSecret") : undefined}
          type="password"
          autoComplete="off"
          value={secret}
          onChange={(event) => setSecret(event.currentTarget.value)}
          data-testid="delivery-secret"
        />
        <div className={css.acts}>
          <Button
            look="primary"
            type="submit"
            busy={busy}
            disabled={!isChanged || !isFilled(settings)}
            data-testid="delivery-save"
          >
            {t("app.save")}
          </Button>
          {view && (
            <span className="small muted">
              {t("alerts.delivery.by", {
                name: view.by,
                at: `${dateText(view.at, Date.now(), i18n.language)} ${timeOfDay(view.at)}`,
              })}
            </span>
          )}
        </div>
      </form>
      {view && <Try channel={channel} isStale={isChanged} />}
    </>
  );
};

/** Sends one for a try, by what is stored. */
const Try: FC<{ channel: NotifyChannel; isStale: boolean }> = ({ channel, isStale }) => {
  const { t } = useTranslation();
  const [to, setTo] = useState("");
  const [busy, setBusy] = useState(false);
  const [test, setTest] = useState<DeliveryTest>();
  const run = async () => {
    setBusy(true);
    setTest(undefined);
    try {
      setTest(await call("delivery.test", { channel, to }));
    } catch (error) {
      toast("danger", errorText(t, error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className={css.try} aria-label={t("alerts.delivery.try")}>
      <div className={css.tryLine}>
        {channel !== "webhook" && (
          <LineField
            label={t(`alerts.delivery.to.${channel}`)}
            value={to}
            onChange={(event) => setTo(event.currentTarget.value.trim())}
            data-testid="delivery-to"
          />
        )}
        <Button
          busy={busy}
          disabled={channel !== "webhook" && to === ""}
          onClick={() => void run()}
          data-testid="delivery-test"
        >
          {t("alerts.delivery.try")}
        </Button>
      </div>
      {isStale && <p className="small muted">{t("alerts.delivery.saveFirst")}</p>}
      {test && (
        <Notice tone={test.error ? "danger" : "success"} testId="delivery-result">
          {test.error
            ? t(`alerts.delivery.error.${test.error}`)
            : t("alerts.delivery.taken", { ms: test.took_ms })}
        </Notice>
      )}
    </section>
  );
};
