import { type FC, useRef } from "react";
import { useTranslation } from "react-i18next";
import { keyText, run, useAction } from "@/hotkeys";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import type { Priority } from "@/ipc/generated/Priority";
import { usePropertyChoices } from "@/ipc/queries";
import { LinkButton } from "@/kit/Button";
import { Icon } from "@/kit/Icon";
import { Select } from "@/kit/Select";
import { categoryText } from "@/lib/text";
import { useNoneTicked } from "../list/selection";
import block from "./Block.module.css";
import css from "./Properties.module.css";
import { Summary } from "./Summary";
import { Tags } from "./Tags";
import { useProperties } from "./useProperties";

const PRIORITIES: readonly Priority[] = ["urgent", "high", "normal", "low"];

/** What agents keep about the conversation: priority, category, tags and a summary. */
export const Properties: FC<{ view: ConversationView }> = ({ view }) => {
  const { t } = useTranslation();
  const { row, properties } = view;
  const { editable } = properties;
  const { data } = usePropertyChoices();
  const edit = useProperties(view);
  const priority = useRef<HTMLSelectElement>(null);
  const category = useRef<HTMLSelectElement>(null);
  const alone = useNoneTicked();
  useAction("priority", () => priority.current?.focus(), editable && alone);
  useAction("category", () => category.current?.focus(), editable);

  // What is set is offered even where the knowledge has it no more.
  const known = new Set(data?.categories ?? []);
  if (row.category !== "") known.add(row.category);
  const categories = ["", ...known];
  return (
    <section className={block.block} aria-label={t("property.label")} data-testid="properties">
      <div className={css.head}>
        <h2>{t("property.label")}</h2>
        {properties.pending && (
          <span className={css.mark} data-testid="properties-pending">
            <Icon name="clock" size={12} />
            {t("property.pending")}
          </span>
        )}
        {properties.conflicts.length > 0 && (
          <LinkButton
            className={css.mark}
            onClick={() => run("outbox")}
            data-testid="properties-conflict"
          >
            <Icon name="swap" size={12} />
            {t("property.conflict")}
          </LinkButton>
        )}
      </div>
      <dl className={css.rows}>
        <dt>{t("property.priority")}</dt>
        <dd title={keyText("priority")}>
          <Select
            label={t("property.priority")}
            value={row.priority}
            items={PRIORITIES.map((id) => ({ id, label: t(`priority.${id}`) }))}
            onChange={(next) => void edit.setPriority(next)}
            disabled={!editable}
            inputRef={priority}
            testId="property-priority"
          />
          {properties.priority_by !== "" && (
            <p className={css.by}>{t("property.by", { name: properties.priority_by })}</p>
          )}
        </dd>
        <dt>{t("property.category")}</dt>
        <dd title={keyText("category")}>
          <Select
            label={t("property.category")}
            value={row.category}
            items={categories.map((id) => ({
              id,
              label: categoryText(id) || t("property.noCategory"),
            }))}
            onChange={(next) => void edit.setCategory(next)}
            disabled={!editable}
            inputRef={category}
            testId="property-category"
          />
        </dd>
        <dt>{t("property.tags")}</dt>
        <dd>
          <Tags
            tags={properties.tags}
            editable={editable}
            onAdd={edit.addTag}
            onRemove={edit.removeTag}
          />
        </dd>
        <dt>{t("property.summary")}</dt>
        <dd>
          <Summary view={view} />
        </dd>
      </dl>
    </section>
  );
};
