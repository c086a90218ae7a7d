import { type FC, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MessageView } from "@/ipc/generated/MessageView";
import { IconButton } from "@/kit/Button";
import { Field } from "@/kit/Field";
import { composing } from "@/lib/ime";
import css from "./FindBar.module.css";

type Props = {
  messages: readonly MessageView[];
  query: string;
  onQuery: (query: string) => void;
  onClose: () => void;
};

/** Looks through the messages on the screen, newest first. */
export const FindBar: FC<Props> = ({ messages, query, onQuery, onClose }) => {
  const { t } = useTranslation();
  const [at, setAt] = useState(0);
  const words = query.trim().toLowerCase();
  const found =
    words === "" ? [] : messages.filter(({ text }) => text.toLowerCase().includes(words)).reverse();
  const current = found[Math.min(at, found.length - 1)]?.id;
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (current) document.getElementById(`m-${current}`)?.scrollIntoView({ block: "center" });
  }, [current]);
  useEffect(() => bar.current?.querySelector("input")?.focus(), []);
  const step = (by: number) =>
    setAt((now) =>
      found.length === 0 ? 0 : (Math.min(now, found.length - 1) + by + found.length) % found.length,
    );

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
        <span className="small muted num" role="status">
          {found.length === 0
            ? t("find.none")
            : t("find.count", { at: Math.min(at, found.length - 1) + 1, n: found.length })}
        </span>
      )}
      <IconButton icon="x" label={t("app.close")} onClick={onClose} />
    </search>
  );
};
