import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { MacroAct } from "@/ipc/generated/MacroAct";
import { Tag } from "@/kit/Marks";
import { categoryText } from "@/lib/text";
import css from "./Acts.module.css";

/** What a macro does besides writing, as words. */
export const Acts: FC<{ acts: readonly MacroAct[] }> = ({ acts }) => {
  const { t } = useTranslation();
  const words = (act: MacroAct): string => {
    switch (act.act) {
      case "add_tag":
        return t("canned.act.add_tag", { tag: act.tag });
      case "remove_tag":
        return t("canned.act.remove_tag", { tag: act.tag });
      case "priority":
        return t("canned.act.priority", { priority: t(`priority.${act.priority}`) });
      case "category":
        return act.category === ""
          ? t("canned.act.no_category")
          : t("canned.act.category", { category: categoryText(act.category) });
      case "resolve":
        return t("canned.act.resolve");
    }
  };
  return (
    <span className={css.acts} data-testid="acts">
      {acts.map((act) => (
        <Tag key={JSON.stringify(act)} tone="accent">
          {words(act)}
        </Tag>
      ))}
    </span>
  );
};
