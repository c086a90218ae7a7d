import { type FC, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";
import { LineField } from "@/kit/FormField";
import { toast } from "@/kit/Notice";
import { composing } from "@/lib/ime";
import { useDesk } from "../store";
import css from "./Views.module.css";

const MOST_CHARS = 20;

/** Gives what is shown a name, and lets go of names that are no longer needed. */
export const Views: FC<{ onClose: () => void }> = ({ onClose }) => {
  const { t } = useTranslation();
  const { views, filters, keepView, dropView } = useDesk();
  const [name, setName] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const keep = () => {
    const clean = name.trim();
    if (clean === "") return;
    keepView(clean);
    toast("success", t("ticket.view.kept", { name: clean }));
    onClose();
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
            onClick={keep}
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
        autoComplete="off"
        onChange={(event) => setName(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (composing(event.nativeEvent) || event.key !== "Enter") return;
          event.preventDefault();
          keep();
        }}
        data-testid="ticket-view-name"
      />
      {filters.query.trim() !== "" && <p className="small muted">{t("ticket.view.noWords")}</p>}
      {views.length > 0 && (
        <ul className={css.views} aria-label={t("ticket.view.mine")}>
          {views.map((view) => (
            <li key={view.name} className={css.view}>
              <span className="one grow">{view.name}</span>
              <IconButton
                icon="x"
                size="sm"
                label={t("ticket.view.drop", { name: view.name })}
                onClick={() => dropView(view.name)}
              />
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
};
