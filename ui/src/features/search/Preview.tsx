import { useQuery } from "@tanstack/react-query";
import { type FC, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { PageArgs } from "@/ipc/generated/PageArgs";
import type { SearchHit } from "@/ipc/generated/SearchHit";
import { keys } from "@/ipc/keys";
import { Button } from "@/kit/Button";
import { Marked } from "@/kit/Marked";
import { Notice } from "@/kit/Notice";
import { find } from "@/kit/ranges";
import { categoryText } from "@/lib/text";
import { useName } from "@/parts/Person";
import { Said } from "@/parts/Said";
import css from "./Search.module.css";

/** Messages around a hit. */
const N_AROUND = 16;
const END = Number.MAX_SAFE_INTEGER;

type Props = { hit: SearchHit; query: string; onOpen: (hit: SearchHit) => void };

/** What stands around a hit, without leaving the search. */
export const Preview: FC<Props> = ({ hit, query, onOpen }) => {
  const { t } = useTranslation();
  const name = useName();
  const title = hit.kind === "faq" ? hit.question : hit.kind === "ticket" ? hit.title : name(hit);
  return (
    <>
      <header className={css.top}>
        <div className={css.titles}>
          <h2 className="one">{title}</h2>
          <p className={css.small}>
            {hit.kind === "faq"
              ? `${hit.faq_id} · ${t("search.version", { n: hit.version })} · ${categoryText(hit.category)}`
              : hit.number}
          </p>
        </div>
        <Button look="primary" onClick={() => onOpen(hit)} keys="Enter" data-testid="search-open">
          {t(`search.open_${hit.kind}`)}
        </Button>
      </header>
      {hit.kind === "faq" ? (
        <p className={css.answer}>
          <Marked text={hit.answer} spans={hit.answer_marks} />
        </p>
      ) : hit.kind === "ticket" ? (
        <dl className={css.facts}>
          <dt>{t("search.state")}</dt>
          <dd>{t(`ticket.state.${hit.state}`)}</dd>
          <dt>{t("search.department")}</dt>
          <dd>{hit.department}</dd>
          <dt>{t("search.kind_contact")}</dt>
          <dd>{name(hit)}</dd>
          <dt>{t("search.said")}</dt>
          <dd>
            <Marked text={hit.text} spans={hit.marks} />
          </dd>
        </dl>
      ) : (
        <Around hit={hit} query={query} />
      )}
    </>
  );
};

const Around: FC<{ hit: Exclude<SearchHit, { kind: "faq" | "ticket" }>; query: string }> = ({
  hit,
  query,
}) => {
  const { t } = useTranslation();
  const seq = hit.kind === "message" ? hit.seq : null;
  const args: PageArgs = {
    conversation_id: hit.conversation_id,
    place: seq === null ? { kind: "before", seq: END } : { kind: "around", seq },
    limit: N_AROUND,
  };
  const { data, error } = useQuery({
    queryKey: keys.page(args),
    queryFn: () => call("conversation.messages", args),
    staleTime: 0,
  });
  const box = useRef<HTMLOListElement>(null);
  useEffect(() => {
    if (data) box.current?.querySelector("[data-sought]")?.scrollIntoView({ block: "center" });
  }, [data]);
  if (error) return <Notice tone="danger">{errorText(t, error)}</Notice>;
  return (
    <ol className={css.around} ref={box} data-testid="search-around">
      {data?.messages
        .filter(({ text }) => text !== "")
        .map((message) => (
          <Said
            key={message.id}
            message={message}
            spans={find(message.file?.name ?? message.text, query)}
            isSought={message.seq === seq}
          />
        ))}
    </ol>
  );
};
