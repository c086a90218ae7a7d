import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { type ActionId, keyText } from "@/hotkeys";
import type { Thumb } from "@/ipc/generated/Thumb";
import { IconButton } from "@/kit/Button";
import css from "./Thumbs.module.css";

type Props = {
  value: Thumb | undefined;
  onMark: (thumb: Thumb) => void;
  /** The keys that do the same, where they do. */
  actions?: Record<Thumb, ActionId> | undefined;
};

/** 赞 and 踩: whether an entry answers the question. */
export const Thumbs: FC<Props> = ({ value, onMark, actions }) => {
  const { t } = useTranslation();
  return (
    <fieldset aria-label={t("learning.label")} className={css.pair}>
      {(["up", "down"] as const).map((thumb) => {
        const keys = actions ? ` (${keyText(actions[thumb])})` : "";
        return (
          <IconButton
            key={thumb}
            icon={thumb === "up" ? "like" : "dislike"}
            label={`${t(`learning.${thumb}`)}${keys}`}
            size="sm"
            aria-pressed={value === thumb}
            onClick={() => onMark(thumb)}
            data-testid={`thumb-${thumb}`}
          />
        );
      })}
    </fieldset>
  );
};
