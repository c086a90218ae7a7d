import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { LinkButton } from "@/kit/Button";
import { Icon } from "@/kit/Icon";
import { Menu, MenuHead, MenuItem, MenuLine } from "@/kit/Menu";
import type { useFilter } from "./useFilter";

/** The views that the agent saved. */
export const Views: FC<{ by: ReturnType<typeof useFilter> }> = ({ by }) => {
  const { t } = useTranslation();
  if (by.views.length === 0) return null;
  return (
    <Menu
      label={t("filter.views")}
      trigger={
        <button type="button" className="hstack" data-testid="views">
          <Icon name="pin" size={12} />
          {t("filter.views")}
          <Icon name="down" size={12} />
        </button>
      }
    >
      {by.views.map((view) => (
        <MenuItem key={view.name} onSelect={() => by.show(view)} testId="view">
          {view.name}
        </MenuItem>
      ))}
      <MenuLine />
      <MenuHead>
        {by.views.map(({ name }) => (
          <span key={name} className="hstack">
            <span className="grow one">{name}</span>
            <LinkButton onClick={() => by.drop(name)}>{t("filter.drop")}</LinkButton>
          </span>
        ))}
      </MenuHead>
    </Menu>
  );
};
