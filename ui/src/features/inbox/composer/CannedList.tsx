import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { CannedView } from "@/ipc/generated/CannedView";
import { Icon } from "@/kit/Icon";
import { Kbd } from "@/kit/Kbd";
import { Suggest } from "@/kit/Suggest";
import { Acts } from "@/parts/Acts";
import { FilesWith } from "@/parts/FilesWith";
import css from "./CannedList.module.css";
import type { useSlash } from "./useSlash";

export const CANNED_LIST = "canned-list";

/** What a slash has found. */
export const CannedList: FC<{ slash: ReturnType<typeof useSlash> }> = ({ slash }) => {
  const { t } = useTranslation();
  return (
    <Suggest
      id={CANNED_LIST}
      label={t("canned.list")}
      items={slash.items}
      keyOf={({ id }) => id}
      active={slash.active}
      onActive={slash.setActive}
      onPick={(item) => void slash.pick(item)}
      render={(item) => <Found item={item} />}
      emptyText={t(slash.typed?.word ? "canned.none" : "canned.noneYet")}
      foot={
        <>
          <span>
            <Kbd keys="↑ ↓" /> {t("canned.choose")}
          </span>
          <span>
            <Kbd keys="Enter" /> {t("canned.insert")}
          </span>
          <span>
            <Kbd keys="Tab" /> {t("canned.nextPlace")}
          </span>
        </>
      }
      testId="canned-list"
    />
  );
};

const Found: FC<{ item: CannedView }> = ({ item }) => {
  const { draft } = item;
  return (
    <div className={css.found} data-testid="canned-item">
      <p className={css.head}>
        <span className={css.title}>{draft.title}</span>
        {draft.shortcode !== "" && <span className={css.code}>/{draft.shortcode}</span>}
        <span className="grow" />
        {draft.folder !== "" && (
          <span className={css.folder}>
            <Icon name="folder" size={12} />
            <span className="one">{draft.folder}</span>
          </span>
        )}
      </p>
      {draft.text !== "" && <p className={css.text}>{draft.text}</p>}
      <FilesWith n={draft.files?.length ?? 0} />
      {draft.acts.length > 0 && <Acts acts={draft.acts} />}
    </div>
  );
};
