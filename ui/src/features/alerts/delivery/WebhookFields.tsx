import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { WebhookSettings } from "@/ipc/generated/WebhookSettings";
import { CheckField, LineField } from "@/kit/FormField";

type Props = { settings: WebhookSettings; onChange: (settings: WebhookSettings) => void };

/** Where a signed JSON of each alert goes. */
export const WebhookFields: FC<Props> = ({ settings, onChange }) => {
  const { t } = useTranslation();
  return (
    <>
      <LineField
        label={t("alerts.delivery.url")}
        hint={t("alerts.delivery.webhookHint")}
        type="url"
        value={settings.url}
        onChange={(event) => onChange({ ...settings, url: event.currentTarget.value.trim() })}
        data-testid="delivery-url"
      />
      <CheckField
        label={t("alerts.delivery.allowPrivate")}
        checked={settings.allow_private}
        onChange={(allow_private) => onChange({ ...settings, allow_private })}
      />
    </>
  );
};
