import { type FC, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/kit/Button";
import { cx } from "@/kit/cx";
import { Dialog } from "@/kit/Dialog";
import { LineField } from "@/kit/FormField";
import { composing } from "@/lib/ime";
import { useSavedViews } from "../useSavedViews";
import { MOST_CHARS, ViewLine } from "./ViewLine";
import css from "./Views.module.css";

/** Gives what is shown a name, and calls others otherwise or lets go of them. */
export const Views: FC<{ onClose: () => void }> = ({ onClose }) => {
  const { t } = useTranslation();
  const { views, keep, rename, drop } = useSavedViews();
  const [name, setName] = useState("");
  const [why, setWhy] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  const save = async () => {
    const clean = name.trim();
    if (clean === "") return;
    const refused = await keep(clean);
    if (refused === undefined) onClose();
    else setWhy(refused);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("ticket.view.title")}
      text={t("ticket.view.text")}
      initialFocus={field}
      testId="ticket-views"
      foot={
        <>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button
            look="primary"
            disabled={name.trim() === ""}
            onClick={() => void save()}
            data-testid="ticket-view-keep"
          >
            {t("ticket.save")}
          </Button>
        </>
      }
    >
      <LineField
        ref={field}
        label={t("ticket.view.name")}
        maxLength={MOST_CHARS}
        value={name}
        error={why}
        autoComplete="off"
        onChange={(event) => {
          setName(event.currentTarget.value);
          setWhy(undefined);
        }}
        onKeyDown={(event) => {
          if (composing(event.nativeEvent) || event.key !== "Enter") return;
          event.preventDefault();
          void save();
        }}
        data-testid="ticket-view-name"
      />
      {views.length > 0 && (
        <ul className={cx(css.views, "scroll")} aria-label={t("ticket.view.mine")}>
          {views.map((view) => (
            <ViewLine
              key={view.name}
              view={view}
              onRename={async (next) => {
                const refused = await rename(view, next);
                // The line goes with its name, and the cursor would go with it.
                if (refused === undefined) field.current?.focus();
                return refused;
              }}
              onDrop={() => {
                field.current?.focus();
                void drop(view);
              }}
            />
          ))}
        </ul>
      )}
    </Dialog>
  );
};
