import { useQueryClient } from "@tanstack/react-query";
import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { useDelivery } from "@/ipc/alerts";
import { call } from "@/ipc/call";
import type { DeliveryLine } from "@/ipc/generated/DeliveryLine";
import type { NotifyChannel } from "@/ipc/generated/NotifyChannel";
import { keys } from "@/ipc/keys";
import { Button } from "@/kit/Button";
import { Notice, toast } from "@/kit/Notice";
import { Segments } from "@/kit/Tabs";
import { ChannelForm } from "./ChannelForm";
import css from "./Delivery.module.css";
import { Log } from "./Log";

const CHANNELS = ["email", "sms", "webhook"] as const satisfies readonly NotifyChannel[];

/** The ways out of the server: how each is set up, whether it works, and what was sent. */
export const Delivery: FC = () => {
  const { t } = useTranslation();
  const { data, error, refetch } = useDelivery();
  const client = useQueryClient();
  const [channel, setChannel] = useState<NotifyChannel>("email");
  const resend = async ({ alert_id, step, agent, channel }: DeliveryLine) => {
    try {
      const view = await call("delivery.resend", { alert_id, step, agent, channel });
      client.setQueryData(keys.delivery, view);
      toast("success", t("alerts.delivery.resent"));
    } catch (error) {
      toast("danger", errorText(t, error));
    }
  };
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
      <Log lines={data.log} onRefresh={() => void refetch()} onResend={resend} />
    </div>
  );
};
