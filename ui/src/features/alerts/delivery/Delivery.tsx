import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { useDelivery } from "@/ipc/alerts";
import type { NotifyChannel } from "@/ipc/generated/NotifyChannel";
import { Button } from "@/kit/Button";
import { Notice } from "@/kit/Notice";
import { Segments } from "@/kit/Tabs";
import { ChannelForm } from "./ChannelForm";
import css from "./Delivery.module.css";
import { Log } from "./Log";

const CHANNELS = ["email", "sms", "webhook"] as const satisfies readonly NotifyChannel[];

/** The ways out of the server: how each is set up, whether it works, and what was sent. */
export const Delivery: FC = () => {
  const { t } = useTranslation();
  const { data, error, refetch } = useDelivery();
  const [channel, setChannel] = useState<NotifyChannel>("email");
  if (error)
    return (
      <div className={css.page}>
        <Notice
          action={
            <Button size="sm" onClick={() => void refetch()}>
              {t("alerts.preview.again")}
            </Button>
          }
        >
          {errorText(t, error)}
        </Notice>
      </div>
    );
  if (!data) return null;
  const set = data.channels.find(({ settings }) => settings.channel === channel);
  return (
    <div className={`${css.page} scroll`} data-testid="delivery">
      <section className={css.column} aria-label={t("alerts.delivery.title")}>
        <p className="soft">{t("alerts.delivery.about")}</p>
        <Segments
          label={t("alerts.delivery.title")}
          value={channel}
          onChange={setChannel}
          items={CHANNELS.map((id) => ({ id, label: t(`alerts.channel.${id}`) }))}
        />
        <ChannelForm key={`${channel}${set?.at}`} channel={channel} view={set} />
      </section>
      <Log lines={data.log} onRefresh={() => void refetch()} />
    </div>
  );
};
