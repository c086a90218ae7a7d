import { type FC, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { run, useAction } from "@/hotkeys";
import type { ChannelKind } from "@/ipc/generated/ChannelKind";
import type { Priority } from "@/ipc/generated/Priority";
import { useInboxChoices } from "@/ipc/queries";
import { Button, LinkButton } from "@/kit/Button";
import { cx } from "@/kit/cx";
import { LineField } from "@/kit/FormField";
import { Select } from "@/kit/Select";
import { composing } from "@/lib/ime";
import { categoryText } from "@/lib/text";
import css from "./Filter.module.css";
import { toggled } from "./filter";
import type { useFilter } from "./useFilter";

const LEVELS: readonly Priority[] = ["urgent", "high", "normal", "low"];
const CHANNELS: readonly ChannelKind[] = [
  "web",
  "webhook",
  "wechat_oa",
  "wecom_kf",
  "email",
  "voice",
];
const ANY = "";
const MAX_NAME = 24;

type Props = { by: ReturnType<typeof useFilter>; onClose: () => void };

/** What the list is narrowed to; a choice holds at once. */
export const FilterPanel: FC<Props> = ({ by, onClose }) => {
  const { t } = useTranslation();
  const { filter, change, n } = by;
  const { data } = useInboxChoices(true);
  const [name, setName] = useState("");
  const box = useRef<HTMLElement>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => box.current?.querySelector<HTMLElement>("button")?.focus(), []);
  useAction("saveView", () => field.current?.focus());
  const any = { id: ANY, label: t("filter.any") };
  const tags = [
    ...filter.tags.filter((tag) => !data?.tags.some((known) => known.tag === tag)),
    ...(data?.tags.map(({ tag }) => tag) ?? []),
  ];
  const save = () => {
    if (name.trim() === "") return;
    by.save(name.trim());
    setName("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || composing(event.nativeEvent)) return;
    event.stopPropagation();
    onClose();
    run("list");
  };
  const chip = (on: boolean, label: string, flip: () => void, testId?: string) => (
    <button
      key={label}
      type="button"
      className={css.chip}
      aria-pressed={on}
      onClick={flip}
      data-testid={testId}
    >
      {label}
    </button>
  );
  return (
    <section
      ref={box}
      className={cx(css.panel, "scroll")}
      aria-label={t("filter.title")}
      onKeyDown={onKeyDown}
      data-testid="filter-panel"
    >
      <div className={css.chips}>
        {chip(filter.unread, t("filter.unread"), () => change({ unread: !filter.unread }))}
        {chip(
          filter.mentioned,
          t("filter.mentioned"),
          () => change({ mentioned: !filter.mentioned }),
          "filter-mentioned",
        )}
        {LEVELS.map((level) =>
          chip(
            filter.priorities.includes(level),
            t(`priority.${level}`),
            () => change({ priorities: toggled(filter.priorities, level) }),
            `filter-${level}`,
          ),
        )}
      </div>
      {tags.length > 0 && (
        <div className={css.chips}>
          {tags.map((tag) =>
            chip(
              filter.tags.includes(tag),
              tag,
              () => change({ tags: toggled(filter.tags, tag) }),
              "filter-tag",
            ),
          )}
        </div>
      )}
      <div className={css.selects}>
        <span>{t("filter.category")}</span>
        <Select
          label={t("filter.category")}
          value={filter.category ?? ANY}
          items={[any, ...(data?.categories ?? []).map((id) => ({ id, label: categoryText(id) }))]}
          onChange={(category) => change({ category: category === ANY ? null : category })}
          testId="filter-category"
        />
        <span>{t("filter.channel")}</span>
        <Select
          label={t("filter.channel")}
          value={filter.channel ?? ANY}
          items={[any, ...CHANNELS.map((id) => ({ id, label: t(`channel.${id}`) }))]}
          onChange={(channel) =>
            change({ channel: CHANNELS.find((known) => known === channel) ?? null })
          }
        />
        {data && data.groups.length > 1 && (
          <>
            <span>{t("filter.group")}</span>
            <Select
              label={t("filter.group")}
              value={filter.group ?? ANY}
              items={[any, ...data.groups.map(({ id, name: label }) => ({ id, label }))]}
              onChange={(group) => change({ group: group === ANY ? null : group })}
            />
          </>
        )}
      </div>
      <div className={css.save}>
        <LineField
          ref={field}
          label={t("filter.name")}
          hideLabel
          placeholder={t("filter.name")}
          maxLength={MAX_NAME}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !composing(event.nativeEvent)) save();
          }}
          data-testid="view-name"
        />
        <Button size="sm" disabled={name.trim() === ""} onClick={save} data-testid="view-save">
          {t("filter.save")}
        </Button>
      </div>
      {n > 0 && <LinkButton onClick={by.clear}>{t("filter.clear")}</LinkButton>}
    </section>
  );
};
