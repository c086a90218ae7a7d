import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { ACTIONS, type ActionId, chordText, PLACES } from "@/hotkeys";
import { Button } from "@/kit/Button";
import { cx } from "@/kit/cx";
import { Find } from "../Find";
import { Section } from "../Lines";
import css from "./Hotkeys.module.css";
import { KeyLine } from "./KeyLine";
import { useKeyEdit } from "./useKeyEdit";

/** Every key, to be changed: what is pressed becomes the key, unless another action has it. */
export const Hotkeys: FC = () => {
  const { t } = useTranslation();
  const [query, setQuery] = useState("");
  const [editing, setEditing] = useState<ActionId | null>(null);
  const edit = useKeyEdit();
  const words = query.trim().toLowerCase();
  const fits = (id: ActionId) =>
    words === "" ||
    t(`action.${id}`).toLowerCase().includes(words) ||
    chordText(edit.keysOf(id)).toLowerCase().includes(words);
  return (
    <>
      <div className={css.head}>
        <Find label={t("hotkeys.find")} query={query} onQuery={setQuery} testId="hotkeys-find" />
        <span className="grow" />
        <span className="small muted">{t("hotkeys.changed", { n: edit.nChanged })}</span>
        <Button
          disabled={edit.nChanged === 0}
          onClick={() => edit.resetAll()}
          data-testid="hotkeys-reset-all"
        >
          {t("hotkeys.resetAll")}
        </Button>
      </div>
      <p className={cx(css.how, "small muted")}>{t("hotkeys.how")}</p>
      {PLACES.map((place) => {
        const actions = ACTIONS.filter((action) => action.place === place && fits(action.id));
        if (actions.length === 0) return null;
        return (
          <Section key={place} title={t(`keys.${place}`)}>
            {actions.map(({ id }) => (
              <KeyLine
                key={id}
                id={id}
                edit={edit}
                editing={editing === id}
                onEdit={(on) => setEditing(on ? id : null)}
              />
            ))}
          </Section>
        );
      })}
    </>
  );
};
