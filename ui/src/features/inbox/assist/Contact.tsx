import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import { cx } from "@/kit/cx";
import { Avatar, Tag } from "@/kit/Marks";
import { useNow } from "@/lib/now";
import { categoryText, firstLetter } from "@/lib/text";
import { dateText } from "@/lib/time";
import { useName } from "@/parts/Person";
import css from "./Block.module.css";

type Props = { view: ConversationView };

const useWords = ({ contact, row, group }: ConversationView) => {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const { handler } = row;
  const held = {
    bot: t("contact.handlerBot"),
    queue: t("contact.handlerQueue"),
    me: t("contact.handlerMe"),
    none: t("contact.handlerNone"),
    colleague: "",
  };
  return {
    tier: t(`tier.${contact.value_tier}`),
    since: dateText(contact.since, now, i18n.language),
    visits: t("contact.nth", { n: contact.conversations }),
    channel: t(`channel.${row.channel}`),
    handler: handler.kind === "colleague" ? handler.name : held[handler.kind],
    group,
  };
};

/** The customer in short, under the answers. */
export const ContactCard: FC<Props> = ({ view }) => {
  const { t } = useTranslation();
  const name = useName();
  const words = useWords(view);
  return (
    <section className={css.block} aria-label={t("assist.contact")} data-testid="contact">
      <div className={css.head}>
        <h2>{name(view.contact)}</h2>
        {view.contact.value_tier !== "normal" && <Tag>{words.tier}</Tag>}
      </div>
      <dl className={cx(css.dl, css.four)}>
        <dt>{t("contact.since")}</dt>
        <dd className="one">{words.since}</dd>
        <dt>{t("contact.conversations")}</dt>
        <dd className="one">{words.visits}</dd>
      </dl>
    </section>
  );
};

/** All that is known of the customer here, masked. */
export const ContactDetails: FC<Props> = ({ view }) => {
  const { t } = useTranslation();
  const name = useName();
  const words = useWords(view);
  const called = name(view.contact);
  return (
    <section className={css.block} aria-label={t("assist.contact")} data-testid="contact">
      <div className={css.head}>
        <Avatar letter={firstLetter(called)} size={40} />
        <h2>{called}</h2>
        {view.contact.value_tier !== "normal" && <Tag>{words.tier}</Tag>}
      </div>
      <dl className={css.dl}>
        <dt>{t("contact.tier")}</dt>
        <dd>{words.tier}</dd>
        <dt>{t("contact.since")}</dt>
        <dd>{words.since}</dd>
        <dt>{t("contact.conversations")}</dt>
        <dd>{words.visits}</dd>
        <dt>{t("contact.channel")}</dt>
        <dd>{words.channel}</dd>
        <dt>{t("contact.number")}</dt>
        <dd className="num">{view.row.number}</dd>
        <dt>{t("contact.category")}</dt>
        <dd>
          {categoryText(view.row.category) || <span className="muted">{t("assist.unknown")}</span>}
        </dd>
        <dt>{t("contact.group")}</dt>
        <dd>{words.group}</dd>
        <dt>{t("contact.handler")}</dt>
        <dd>{words.handler}</dd>
      </dl>
    </section>
  );
};
