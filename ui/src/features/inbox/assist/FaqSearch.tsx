import { type FC, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { useFaqSearch } from "@/ipc/queries";
import { LinkButton } from "@/kit/Button";
import { EmptyState } from "@/kit/EmptyState";
import { Field } from "@/kit/Field";
import { Notice } from "@/kit/Notice";
import { composing } from "@/lib/ime";
import { useDebounced } from "@/lib/useDebounced";
import css from "./FaqSearch.module.css";
import { Suggestions } from "./Suggestions";
import type { Answers } from "./useAnswers";

const STILL_MS = 200;
type Props = {
  query: string;
  onQuery: (query: string) => void;
  onClose: () => void;
  answers: Answers;
};

/** The agent's own search of the knowledge on this device. */
export const FaqSearch: FC<Props> = ({ query, onQuery, onClose, answers }) => {
  const { t } = useTranslation();
  const [active, setActive] = useState(0);
  const still = useDebounced(query.trim(), STILL_MS);
  const { data, error } = useFaqSearch(still);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.querySelector("input")?.focus(), []);
  const items = still === "" ? [] : (data?.items ?? []);
  const at = Math.min(active, Math.max(0, items.length - 1));
  return (
    <>
      <search className={css.bar} ref={box} aria-label={t("assist.searchLabel")}>
        <Field
          label={t("assist.searchLabel")}
          hideLabel
          icon="search"
          type="search"
          placeholder={t("assist.searchPlaceholder")}
          value={query}
          data-testid="faq-search"
          onChange={(event) => {
            setActive(0);
            onQuery(event.currentTarget.value);
          }}
          onKeyDown={(event) => {
            if (composing(event.nativeEvent)) return;
            const item = items[at];
            if (event.key === "Escape") onClose();
            else if (event.key === "ArrowDown") setActive(Math.min(at + 1, items.length - 1));
            else if (event.key === "ArrowUp") setActive(Math.max(at - 1, 0));
            else if (event.key === "Enter" && item) answers.insert(item);
            else return;
            event.preventDefault();
          }}
        />
        <p className={css.line}>
          <span className="grow" role="status">
            {still !== "" && data && t("assist.found", { n: items.length })}
          </span>
          <LinkButton onClick={onClose}>{t("assist.backToAnswers")}</LinkButton>
        </p>
      </search>
      {error && (
        <div className={css.error}>
          <Notice tone="danger">{errorText(t, error)}</Notice>
        </div>
      )}
      {items.length > 0 && (
        <Suggestions
          items={items}
          active={at}
          onActive={setActive}
          answers={answers}
          withKeys={false}
        />
      )}
      {still !== "" && data && items.length === 0 && (
        <EmptyState icon="search" title={t("assist.notFound")} text={t("assist.notFoundText")} />
      )}
    </>
  );
};
