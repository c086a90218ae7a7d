import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { EmailSettings } from "@/ipc/generated/EmailSettings";
import type { SmtpSecurity } from "@/ipc/generated/SmtpSecurity";
import { AreaField, ChoiceField, LineField } from "@/kit/FormField";
import { NumberField } from "@/kit/NumberField";
import css from "../Fields.module.css";

const SECURITY = ["tls", "start_tls", "loopback"] as const satisfies readonly SmtpSecurity[];
/** The usual port of each. */
const PORTS: Record<SmtpSecurity, number> = { tls: 465, start_tls: 587, loopback: 25 };

type Props = { settings: EmailSettings; onChange: (settings: EmailSettings) => void };

/** How mail leaves the server. */
export const EmailFields: FC<Props> = ({ settings, onChange }) => {
  const { t } = useTranslation();
  const set = (change: Partial<EmailSettings>) => onChange({ ...settings, ...change });
  return (
    <>
      <LineField
        label={t("alerts.delivery.host")}
        value={settings.host}
        placeholder="smtp.example.com"
        onChange={(event) => set({ host: event.currentTarget.value.trim() })}
        data-testid="delivery-host"
      />
      <div className={css.row}>
        <ChoiceField
          label={t("alerts.delivery.security")}
          value={settings.security}
          items={SECURITY.map((id) => ({ id, label: t(`alerts.delivery.smtp.${id}`) }))}
          onChoose={(id) => {
            const security = SECURITY.find((each) => each === id);
            if (!security) return;
            const usual = settings.port === PORTS[settings.security];
            set({ security, ...(usual && { port: PORTS[security] }) });
          }}
        />
        <NumberField
          label={t("alerts.delivery.port")}
          value={settings.port}
          unit=""
          min={1}
          max={65_535}
          onChange={(port) => set({ port })}
        />
      </div>
      <div className={css.row}>
        <LineField
          label={t("alerts.delivery.from")}
          value={settings.from}
          placeholder="alerts@example.com"
          onChange={(event) => set({ from: event.currentTarget.value.trim() })}
          data-testid="delivery-from"
        />
        <LineField
          label={t("alerts.delivery.username")}
          value={settings.username}
          autoComplete="off"
          onChange={(event) => set({ username: event.currentTarget.value })}
        />
      </div>
      <AreaField
        label={t("alerts.delivery.authority")}
        hint={t("alerts.delivery.authorityHint")}
        value={settings.authority}
        rows={2}
        onChange={(event) => set({ authority: event.currentTarget.value })}
      />
    </>
  );
};
