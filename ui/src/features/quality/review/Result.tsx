import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { FormItem } from "@/ipc/generated/FormItem";
import type { ItemMark } from "@/ipc/generated/ItemMark";
import type { QaView } from "@/ipc/generated/QaView";
import { cx } from "@/kit/cx";
import { markText } from "../words";
import { Evidence } from "./Evidence";
import css from "./Item.module.css";
import { findingsOf, isLost, isSame, markOf, partsOf } from "./marks";

type Props = { view: QaView; marks: readonly ItemMark[]; onSeek: (seq: number) => void };

/** The marks that were made, with what was said to each. */
export const Result: FC<Props> = ({ view, marks, onSeek }) =>
  partsOf(view.form.draft.items).map(({ part, items }) => (
    <section key={items[0]?.id} className={css.part} aria-label={part}>
      {part !== "" && <h3>{part}</h3>}
      {items.map((item) => {
        const mark = markOf(marks, item.id);
        return (
          mark && <ItemResult key={item.id} view={view} item={item} mark={mark} onSeek={onSeek} />
        );
      })}
    </section>
  ));

type ItemProps = { view: QaView; item: FormItem; mark: ItemMark; onSeek: (seq: number) => void };

const ItemResult: FC<ItemProps> = ({ view, item, mark, onSeek }) => {
  const { t } = useTranslation();
  const first = markOf(view.scored?.marks ?? [], item.id);
  const isChanged = first !== undefined && !isSame(first.mark, mark.mark);
  return (
    <div className={cx(css.item, isLost(item, mark.mark) && css.lost)} data-testid="quality-item">
      <div className={css.line}>
        <span className={css.name}>{item.name}</span>
        {isChanged && (
          <span className="small muted">
            {t("quality.before", { mark: markText(t, item, first.mark) })}
          </span>
        )}
        <span className={css.kept}>{markText(t, item, mark.mark)}</span>
      </div>
      <Evidence findings={findingsOf(view.pre.findings, item.id)} onSeek={onSeek} />
      {mark.comment !== "" && <p className={css.said}>{mark.comment}</p>}
    </div>
  );
};
