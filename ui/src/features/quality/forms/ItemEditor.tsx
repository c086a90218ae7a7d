import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AutoCheck } from "@/ipc/generated/AutoCheck";
import type { FormItem } from "@/ipc/generated/FormItem";
import { IconButton } from "@/kit/Button";
import { ChoiceField, LineField } from "@/kit/FormField";
import { Icon } from "@/kit/Icon";
import { NumberField } from "@/kit/NumberField";
import css from "../Editor.module.css";
import { WordsField } from "../WordsField";
import { autoOf } from "./form";

const AUTOS = ["none", "greeting", "closing", "gaps", "forbidden", "promises"] as const;

type Props = {
  item: FormItem;
  needsName: boolean;
  onChange: (item: FormItem) => void;
  onUp: (() => void) | undefined;
  onDown: (() => void) | undefined;
  onDrop: () => void;
};

/** One item of a form: what is judged, how it counts, and what the machine looks for. */
export const ItemEditor: FC<Props> = ({ item, needsName, onChange, onUp, onDown, onDrop }) => {
  const { t } = useTranslation();
  const set = (change: Partial<FormItem>) => onChange({ ...item, ...change });
  const name = item.name || t("quality.newItem");
  const { kind } = item;
  const [opened, setOpened] = useState(item.name === "");
  const isOpen = opened || needsName;
  return (
    <section className={css.item} aria-label={name} data-testid="quality-item-editor">
      <div className={css.itemHead}>
        <button
          type="button"
          className={css.fold}
          aria-expanded={isOpen}
          onClick={() => setOpened(!opened)}
          data-testid="quality-item-open"
        >
          <Icon name={isOpen ? "down" : "right"} size={12} />
          <span className="one strong">{name}</span>
          <span className="one small muted grow">
            {[item.part, item.auto ? t(`quality.autos.${item.auto.kind}`) : ""]
              .filter((part) => part !== "")
              .join(t("quality.listComma"))}
          </span>
          <span className="small soft num">
            {kind.kind === "veto" ? t("quality.veto") : t("quality.nPoints", { n: kind.weight })}
          </span>
        </button>
        <IconButton
          icon="down"
          size="sm"
          className={css.up}
          disabled={!onUp}
          label={t("quality.up", { name })}
          onClick={onUp}
        />
        <IconButton
          icon="down"
          size="sm"
          disabled={!onDown}
          label={t("quality.down", { name })}
          onClick={onDown}
        />
        <IconButton icon="x" size="sm" label={t("quality.drop", { name })} onClick={onDrop} />
      </div>
      {isOpen && (
        <>
          <div className={css.row}>
            <LineField
              label={t("quality.item")}
              value={item.name}
              error={needsName ? t("quality.formProblem.no_name") : undefined}
              onChange={(event) => set({ name: event.currentTarget.value })}
              data-testid="quality-item-name"
            />
            <LineField
              label={t("quality.part")}
              value={item.part}
              onChange={(event) => set({ part: event.currentTarget.value })}
            />
            <ChoiceField
              label={t("quality.counts")}
              value={kind.kind}
              items={[
                { id: "points", label: t("quality.byPoints") },
                { id: "veto", label: t("quality.veto") },
              ]}
              onChoose={(next) =>
                set({ kind: next === "veto" ? { kind: "veto" } : { kind: "points", weight: 10 } })
              }
            />
            {kind.kind === "points" && (
              <NumberField
                label={t("quality.weight")}
                value={kind.weight}
                unit={t("quality.points")}
                min={1}
                max={100}
                onChange={(weight) => set({ kind: { kind: "points", weight: Math.round(weight) } })}
              />
            )}
          </div>
          <LineField
            label={t("quality.hint")}
            value={item.hint}
            onChange={(event) => set({ hint: event.currentTarget.value })}
          />
          <AutoFields item={item} onChange={(auto) => set({ auto })} />
        </>
      )}
    </section>
  );
};

type AutoProps = { item: FormItem; onChange: (auto: AutoCheck | null) => void };

const AutoFields: FC<AutoProps> = ({ item, onChange }) => {
  const { t } = useTranslation();
  const { auto } = item;
  return (
    <>
      <div className={css.row}>
        <ChoiceField
          label={t("quality.auto")}
          value={auto?.kind ?? "none"}
          items={AUTOS.map((id) => ({ id, label: t(`quality.autos.${id}`) }))}
          onChoose={(next) => {
            const kind = AUTOS.find((id) => id === next);
            if (kind) onChange(autoOf(kind, auto));
          }}
        />
        {auto?.kind === "gaps" && (
          <NumberField
            label={t("quality.within")}
            value={auto.within_s}
            unit={t("quality.seconds")}
            min={1}
            max={86_400}
            onChange={(within_s) => onChange({ ...auto, within_s: Math.round(within_s) })}
          />
        )}
        {auto && "each" in auto && item.kind.kind === "points" && (
          <NumberField
            label={t("quality.each")}
            value={auto.each}
            unit={t("quality.points")}
            max={100}
            onChange={(each) => onChange({ ...auto, each: Math.round(each) })}
          />
        )}
      </div>
      {auto && "words" in auto && (
        <WordsField
          label={t(`quality.autoWords.${auto.kind}`)}
          hint={t("quality.wordsHint")}
          words={auto.words}
          onChange={(words) => onChange({ ...auto, words })}
        />
      )}
    </>
  );
};
