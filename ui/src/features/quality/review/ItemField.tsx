import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FormItem } from "@/ipc/generated/FormItem";
import type { ItemMark } from "@/ipc/generated/ItemMark";
import type { QaFinding } from "@/ipc/generated/QaFinding";
import { Button, IconButton } from "@/kit/Button";
import { cx } from "@/kit/cx";
import { Switch } from "@/kit/Field";
import { composing } from "@/lib/ime";
import { Evidence } from "./Evidence";
import css from "./Item.module.css";
import { isLost, pointsTyped } from "./marks";

type Props = {
  item: FormItem;
  mark: ItemMark;
  findings: readonly QaFinding[];
  onMark: (change: Partial<Omit<ItemMark, "item">>) => void;
  onSeek: (seq: number) => void;
};

/** One item to be marked: digits are its points, a minus leaves it out. */
export const ItemField: FC<Props> = ({ item, mark, findings, onMark, onSeek }) => {
  const { t } = useTranslation();
  const [says, setSays] = useState(mark.comment !== "");
  const [empty, setEmpty] = useState(false);
  const isOut = mark.mark.kind === "not_applicable";
  const weight = item.kind.kind === "points" ? item.kind.weight : 0;
  const put = (points: number) => onMark({ mark: { kind: "points", points } });
  const toggle = () => {
    setEmpty(false);
    if (isOut) put(weight);
    else onMark({ mark: { kind: "not_applicable" } });
  };
  return (
    <div className={cx(css.item, isLost(item, mark.mark) && css.lost)} data-testid="quality-item">
      <div className={css.line}>
        <span className={css.name}>{item.name}</span>
        {item.kind.kind === "points" ? (
          <>
            <span className={css.points}>
              <input
                inputMode="numeric"
                aria-label={t("quality.pointsOf", { name: item.name, weight })}
                placeholder={isOut ? "—" : ""}
                value={mark.mark.kind === "points" && !empty ? String(mark.mark.points) : ""}
                data-item={item.id}
                data-testid={`quality-points-${item.id}`}
                onFocus={(event) => event.currentTarget.select()}
                onBlur={() => setEmpty(false)}
                onKeyDown={(event) => {
                  if (event.key !== "-" || composing(event.nativeEvent)) return;
                  event.preventDefault();
                  toggle();
                }}
                onChange={(event) => {
                  const points = pointsTyped(event.currentTarget.value, weight);
                  setEmpty(points === null);
                  if (points !== null) put(points);
                }}
              />
              <span className="muted">/ {weight}</span>
            </span>
            <Button
              size="sm"
              look={isOut ? "plain" : "ghost"}
              aria-pressed={isOut}
              onClick={toggle}
              data-testid={`quality-out-${item.id}`}
            >
              {t("quality.notApplicable")}
            </Button>
          </>
        ) : (
          <Veto item={item} mark={mark} onMark={onMark} />
        )}
        <IconButton
          icon="note"
          size="sm"
          label={t("quality.noteOn", { name: item.name })}
          aria-expanded={says}
          onClick={() => setSays(!says)}
        />
      </div>
      {item.hint !== "" && <p className={css.hint}>{item.hint}</p>}
      <Evidence findings={findings} onSeek={onSeek} />
      {(says || mark.comment !== "") && (
        <input
          className={css.comment}
          aria-label={t("quality.noteOn", { name: item.name })}
          placeholder={t("quality.notePlaceholder")}
          maxLength={500}
          value={mark.comment}
          onChange={(event) => onMark({ comment: event.currentTarget.value })}
        />
      )}
    </div>
  );
};

const Veto: FC<Pick<Props, "item" | "mark" | "onMark">> = ({ item, mark, onMark }) => {
  const { t } = useTranslation();
  const hit = mark.mark.kind === "veto" && mark.mark.hit;
  const put = (next: boolean) => onMark({ mark: { kind: "veto", hit: next } });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the digits belong to the switch inside
    <span
      className={css.veto}
      onKeyDown={(event) => {
        if (event.key === "1" || event.key === "0") put(event.key === "1");
      }}
    >
      <span className={cx("small", hit ? "danger" : "muted")}>
        {t(hit ? "quality.hit" : "quality.notHit")}
      </span>
      <Switch label={item.name} checked={hit} onChange={put} testId={`quality-veto-${item.id}`} />
    </span>
  );
};
