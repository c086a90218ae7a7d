import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SmsSettings } from "@/ipc/generated/SmsSettings";
import { AreaField, CheckField, ChoiceField, LineField } from "@/kit/FormField";
import css from "../Fields.module.css";
import { headersOf, headersText } from "./settings";

type Props = { settings: SmsSettings; onChange: (settings: SmsSettings) => void };

/** How short messages leave the server: a call with places in it, whoever the vendor is. */
export const SmsFields: FC<Props> = ({ settings, onChange }) => {
  const { t } = useTranslation();
  const set = (change: Partial<SmsSettings>) => onChange({ ...settings, ...change });
  const [headers, setHeaders] = useState(headersText(settings.headers));
  const places = t("alerts.delivery.places", { places: "{{phone}} {{text}} {{sign}}" });
  return (
    <>
      <div className={css.row}>
        <ChoiceField
          label={t("alerts.delivery.method")}
          value={settings.method}
          items={[
            { id: "POST", label: "POST" },
            { id: "GET", label: "GET" },
          ]}
          onChoose={(id) => set({ method: id === "GET" ? "GET" : "POST" })}
        />
        <LineField
          label={t("alerts.delivery.sign")}
          value={settings.sign}
          placeholder="【聆选】"
          onChange={(event) => set({ sign: event.currentTarget.value })}
        />
        <LineField
          label={t("alerts.delivery.secretHeader")}
          value={settings.secret_header}
          placeholder="Authorization"
          onChange={(event) => set({ secret_header: event.currentTarget.value.trim() })}
        />
      </div>
      <LineField
        label={t("alerts.delivery.url")}
        type="url"
        value={settings.url}
        onChange={(event) => set({ url: event.currentTarget.value.trim() })}
        data-testid="delivery-url"
      />
      <CheckField
        label={t("alerts.delivery.allowPrivate")}
        checked={settings.allow_private}
        onChange={(allow_private) => set({ allow_private })}
      />
      <AreaField
        label={t("alerts.delivery.body")}
        hint={places}
        rows={3}
        value={settings.body}
        onChange={(event) => set({ body: event.currentTarget.value })}
      />
      <AreaField
        label={t("alerts.delivery.headers")}
        hint={t("alerts.delivery.headersHint")}
        rows={2}
        value={headers}
        onChange={(event) => {
          setHeaders(event.currentTarget.value);
          set({ headers: headersOf(event.currentTarget.value) });
        }}
      />
      <div className={css.row}>
        <LineField
          label={t("alerts.delivery.successPointer")}
          hint={t("alerts.delivery.successHint")}
          value={settings.success_pointer}
          placeholder="/code"
          onChange={(event) => set({ success_pointer: event.currentTarget.value.trim() })}
        />
        <LineField
          label={t("alerts.delivery.successValue")}
          value={settings.success_value}
          placeholder="0"
          onChange={(event) => set({ success_value: event.currentTarget.value })}
        />
      </div>
    </>
  );
};
