import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MacroAct } from "@/ipc/generated/MacroAct";
import type { Priority } from "@/ipc/generated/Priority";
import { usePropertyChoices } from "@/ipc/queries";
import { Button, IconButton } from "@/kit/Button";
import { LineField } from "@/kit/FormField";
import { Select } from "@/kit/Select";
import { categoryText } from "@/lib/text";
import { Acts } from "@/parts/Acts";
import css from "./Canned.module.css";

type Kind = MacroAct["act"];
const KINDS: readonly Kind[] = ["add_tag", "remove_tag", "priority", "category", "resolve"];
const LEVELS: readonly Priority[] = ["low", "normal", "high", "urgent"];
const MAX_ACTS = 8;

type Props = { acts: readonly MacroAct[]; onChange: (acts: MacroAct[]) => void };

/** What a macro does once the reply is sent. */
export const ActsEditor: FC<Props> = ({ acts, onChange }) => {
  const { t } = useTranslation();
  const [kind, setKind] = useState<Kind>("add_tag");
  const [tag, setTag] = useState("");
  const [priority, setPriority] = useState<Priority>("high");
  const { data } = usePropertyChoices();
  const categories = ["", ...(data?.categories ?? [])];
  const [category, setCategory] = useState("");
  const next = (): MacroAct | null => {
    switch (kind) {
      case "add_tag":
      case "remove_tag":
        return tag.trim() === "" ? null : { act: kind, tag: tag.trim() };
      case "priority":
        return { act: kind, priority };
      case "category":
        return { act: kind, category };
      case "resolve":
        return { act: kind };
    }
  };
  const known = (act: MacroAct) =>
    acts.some((each) => JSON.stringify(each) === JSON.stringify(act));
  const add = () => {
    const act = next();
    setTag("");
    if (act && !known(act)) onChange([...acts, act]);
  };
  return (
    <div className={css.acts}>
      <span>{t("canned.field.acts")}</span>
      <p className="small muted">{t("canned.field.actsHint")}</p>
      {acts.map((act) => (
        <span key={JSON.stringify(act)} className="hstack">
          <Acts acts={[act]} />
          <IconButton
            icon="x"
            size="sm"
            label={t("canned.field.dropAct")}
            onClick={() => onChange(acts.filter((each) => each !== act))}
          />
        </span>
      ))}
      {acts.length < MAX_ACTS && (
        <span className={css.addAct}>
          <Select
            label={t("canned.field.acts")}
            value={kind}
            items={KINDS.map((id) => ({ id, label: t(`canned.kind.${id}`) }))}
            onChange={setKind}
            testId="act-kind"
          />
          {(kind === "add_tag" || kind === "remove_tag") && (
            <LineField
              label={t("canned.field.tag")}
              hideLabel
              placeholder={t("canned.field.tag")}
              maxLength={24}
              value={tag}
              onChange={(event) => setTag(event.currentTarget.value)}
              data-testid="act-tag"
            />
          )}
          {kind === "priority" && (
            <Select
              label={t("canned.kind.priority")}
              value={priority}
              items={LEVELS.map((id) => ({ id, label: t(`priority.${id}`) }))}
              onChange={setPriority}
            />
          )}
          {kind === "category" && (
            <Select
              label={t("canned.kind.category")}
              value={category}
              items={categories.map((id) => ({
                id,
                label: id === "" ? t("canned.act.no_category") : categoryText(id),
              }))}
              onChange={setCategory}
            />
          )}
          <Button
            size="sm"
            icon="plus"
            disabled={next() === null}
            onClick={add}
            data-testid="act-add"
          >
            {t("canned.field.addAct")}
          </Button>
        </span>
      )}
    </div>
  );
};
