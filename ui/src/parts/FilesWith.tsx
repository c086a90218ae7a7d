import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "@/kit/Icon";

/** How many files a canned reply brings. */
export const FilesWith: FC<{ n: number }> = ({ n }) => {
  const { t } = useTranslation();
  if (n === 0) return null;
  return (
    <span className="hstack small muted" data-testid="canned-files">
      <Icon name="file" size={12} />
      {t("canned.withFiles", { n })}
    </span>
  );
};
