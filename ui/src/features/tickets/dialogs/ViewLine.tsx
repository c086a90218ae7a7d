import { type FC, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SavedTicketView } from "@/ipc/generated/SavedTicketView";
import { Button, IconButton } from "@/kit/Button";
import { LineField } from "@/kit/FormField";
import { composing } from "@/lib/ime";
import css from "./Views.module.css";

export const MOST_CHARS = 20;

type Props = {
  view: SavedTicketView;
  /** Says why it could not, or nothing. */
  onRename: (name: string) => Promise<string | undefined>;
  onDrop: () => void;
};

/** A view that was kept: to be called otherwise, or to be let go. */
export const ViewLine: FC<Props> = ({ view, onRename, onDrop }) => {
  const { t } = useTranslation();
  const [name, setName] = useState<string>();
  const [why, setWhy] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  const begin = useRef<HTMLButtonElement>(null);
  const ended = useRef(false);
  const isEdited = name !== undefined;
  useEffect(() => {
    if (isEdited) field.current?.select();
    // Whoever leaves the field goes on where they came from.
    else if (ended.current) begin.current?.focus();
    ended.current = false;
  }, [isEdited]);
  const end = () => {
    setName(undefined);
    setWhy(undefined);
    ended.current = true;
  };
  const rename = async () => {
    const clean = (name ?? "").trim();
    if (clean === "" || clean === view.name) return end();
    const refused = await onRename(clean);
    if (refused !== undefined) setWhy(refused);
  };
  if (!isEdited)
    return (
      <li className={css.view} data-testid="ticket-view-line">
        <span className="one grow">{view.name}</span>
        <IconButton
          ref={begin}
          icon="edit"
          size="sm"
          label={t("ticket.view.rename", { name: view.name })}
          onClick={() => setName(view.name)}
          data-testid="ticket-view-rename"
        />
        <IconButton
          icon="x"
          size="sm"
          label={t("ticket.view.drop", { name: view.name })}
          onClick={onDrop}
          data-testid="ticket-view-drop"
        />
      </li>
    );
  return (
    <li className={css.view} data-testid="ticket-view-line">
      <span className="grow">
        <LineField
          ref={field}
          label={t("ticket.view.newName", { name: view.name })}
          hideLabel
          maxLength={MOST_CHARS}
          value={name}
          error={why}
          autoComplete="off"
          onChange={(event) => {
            setName(event.currentTarget.value);
            setWhy(undefined);
          }}
          onKeyDown={(event) => {
            if (composing(event.nativeEvent)) return;
            if (event.key !== "Enter" && event.key !== "Escape") return;
            event.preventDefault();
            event.stopPropagation();
            if (event.key === "Enter") void rename();
            else end();
          }}
          data-testid="ticket-view-new-name"
        />
      </span>
      <Button
        size="sm"
        disabled={name.trim() === ""}
        onClick={() => void rename()}
        data-testid="ticket-view-rename-do"
      >
        {t("ticket.view.renameDo")}
      </Button>
    </li>
  );
};
