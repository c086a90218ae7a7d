import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { ChannelKind } from "@/ipc/generated/ChannelKind";
import type { ConversationRow } from "@/ipc/generated/ConversationRow";
import { Icon, type IconName } from "@/kit/Icon";
import { Avatar } from "@/kit/Marks";
import { firstLetter } from "@/lib/text";
import css from "./Person.module.css";

const CHANNELS: Record<ChannelKind, IconName> = {
  web: "globe",
  webhook: "link",
  wechat_oa: "wechat",
  wecom_kf: "wechat",
  email: "mail",
  voice: "phone",
};

/** What a customer is called: the masked name, or guest. */
export const useName = (): ((row: { name: string }) => string) => {
  const { t } = useTranslation();
  return ({ name }) => name || t("list.guest");
};

type Props = { row: Pick<ConversationRow, "name" | "channel"> };

/** The customer's letter with the mark of the channel. */
export const ChannelAvatar: FC<Props> = ({ row }) => {
  const { t } = useTranslation();
  const name = useName();
  return (
    <span className={css.wrap}>
      <Avatar letter={firstLetter(name(row))} />
      <span className={css.mark} role="img" aria-label={t(`channel.${row.channel}`)}>
        <Icon name={CHANNELS[row.channel]} size={12} />
      </span>
    </span>
  );
};
