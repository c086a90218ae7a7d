import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { ChannelKind } from "@/ipc/generated/ChannelKind";
import type { FindAuthor } from "@/ipc/generated/FindAuthor";
import type { FindKind } from "@/ipc/generated/FindKind";
import type { FoundCount } from "@/ipc/generated/FoundCount";
import { LinkButton } from "@/kit/Button";
import { Select } from "@/kit/Select";
import { Segments } from "@/kit/Tabs";
import { PERIODS, useSearchState } from "@/parts/search";
import css from "./Search.module.css";

const KINDS: readonly FindKind[] = ["message", "conversation", "contact", "ticket", "faq"];
const AUTHORS: readonly FindAuthor[] = ["customer", "agent", "bot"];
const CHANNELS: readonly ChannelKind[] = [
  "web",
  "wechat_oa",
  "wecom_kf",
  "email",
  "voice",
  "webhook",
];

type Props = { counts: readonly FoundCount[] };

/** Which of what was found is shown: kind, time, channel, author; and in which order. */
export const Filters: FC<Props> = ({ counts }) => {
  const { t } = useTranslation();
  const { kind, author, channel, period, order, set } = useSearchState();
  const filtered = author !== null || channel !== null || period !== "any";
  const label = (id: FindKind) => {
    const count = counts.find((each) => each.kind === id);
    if (!count) return t(`search.kind_${id}`);
    return `${t(`search.kind_${id}`)} ${count.n}${count.or_more ? "+" : ""}`;
  };
  return (
    <div className={css.filters}>
      <Segments
        label={t("search.kinds")}
        value={kind ?? "all"}
        onChange={(id) => set({ kind: id === "all" ? null : id, active: null })}
        items={[
          { id: "all", label: t("search.kind_all") },
          ...KINDS.map((id) => ({ id, label: label(id) })),
        ]}
      />
      <Select
        label={t("search.period")}
        testId="search-period"
        value={period}
        onChange={(id) => set({ period: id, active: null })}
        items={PERIODS.map((id) => ({ id, label: t(`search.period_${id}`) }))}
      />
      <Select
        label={t("search.author")}
        testId="search-author"
        value={author ?? "any"}
        onChange={(id) => set({ author: id === "any" ? null : id, active: null })}
        items={[
          { id: "any", label: t("search.author_any") },
          ...AUTHORS.map((id) => ({ id, label: t(`search.author_${id}`) })),
        ]}
      />
      <Select
        label={t("contact.channel")}
        testId="search-channel"
        value={channel ?? "any"}
        onChange={(id) => set({ channel: id === "any" ? null : id, active: null })}
        items={[
          { id: "any", label: t("search.channel_any") },
          ...CHANNELS.map((id) => ({ id, label: t(`channel.${id}`) })),
        ]}
      />
      <Select
        label={t("search.order")}
        testId="search-order"
        value={order}
        onChange={(id) => set({ order: id, active: null })}
        items={[
          { id: "best", label: t("search.order_best") },
          { id: "newest", label: t("search.order_newest") },
        ]}
      />
      {filtered && (
        <LinkButton onClick={() => set({ author: null, channel: null, period: "any" })}>
          {t("search.clear")}
        </LinkButton>
      )}
    </div>
  );
};
