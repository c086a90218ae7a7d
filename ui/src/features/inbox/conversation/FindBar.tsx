import { type FC, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import type { MessageView } from "@/ipc/generated/MessageView";
import { usePlaces } from "@/ipc/queries";
import { IconButton } from "@/kit/Button";
import { Field } from "@/kit/Field";
import { composing } from "@/lib/ime";
import { useDebounced } from "@/lib/useDebounced";
import { useRoutes } from "@/routes";
import css from "./FindBar.module.css";

const STILL_MS = 150;

type Props = {
  id: ConversationId;
  messages: readonly MessageView[];
  query: string;
  onQuery: (query: string) => void;
  onClose: () => void;
};

/** Looks through the whole conversation, newest first: what is on the screen at once, the rest by the index. */
export const FindBar: FC<Props> = ({ id, messages, query, onQuery, onClose }) => {
  const { t } = useTranslation();
  const [at, setAt] = useState(0);
  const words = query.trim().toLowerCase();
  const still = useDebounced(words, STILL_MS);
  const { data } = usePlaces(id, still);
  const shown =
    words === ""
      ? []
      : messages.filter(({ seq, text }) => seq > 0 && text.toLowerCase().includes(words));
  const indexed = words === still && words !== "" ? (data?.seqs ?? []) : [];
  const found = [...new Set([...shown.map(({ seq }) => seq), ...indexed])].sort((a, b) => b - a);
  const place = Math.min(at, found.length - 1);
  const current = found[place];
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (current !== undefined) useRoutes.setState({ seek: current });
  }, [current]);
  useEffect(() => bar.current?.querySelector("input")?.focus(), []);
  const step = (by: number) =>
    setAt(found.length === 0 ? 0 : (place + by + found.length) % found.length);

  return (
    <search className={css.bar} ref={bar} aria-label={t("find.label")}>
      <div className="grow">
        <Field
          label={t("find.label")}
          hideLabel
          icon="search"
          type="search"
          value={query}
          placeholder={t("find.placeholder")}
          data-testid="find"
          onChange={(event) => {
            setAt(0);
            onQuery(event.currentTarget.value);
          }}
          onKeyDown={(event) => {
            if (composing(event.nativeEvent)) return;
            if (event.key === "Enter") step(event.shiftKey ? -1 : 1);
            if (event.key === "Escape") onClose();
          }}
        />
      </div>
      {words !== "" && (
        <span className="small muted num" role="status" data-testid="find-count">
          {found.length === 0
            ? t("find.none")
            : t(data?.or_more ? "find.countMore" : "find.count", {
                at: place + 1,
                n: found.length,
              })}
        </span>
      )}
      <IconButton icon="x" label={t("app.close")} onClick={onClose} />
    </search>
  );
};
