import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type FC, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { FormItem } from "@/ipc/generated/FormItem";
import type { PageArgs } from "@/ipc/generated/PageArgs";
import type { QaFinding } from "@/ipc/generated/QaFinding";
import type { QaView } from "@/ipc/generated/QaView";
import { keys } from "@/ipc/keys";
import { LinkButton } from "@/kit/Button";
import { Icon } from "@/kit/Icon";
import { Notice } from "@/kit/Notice";
import { Said } from "@/parts/Said";
import { findingText } from "../words";
import css from "./Thread.module.css";

/** As many messages as are shown at once. */
const PAGE = 100;

type Props = {
  view: QaView;
  /** The message to bring into sight; each ask counts anew. */
  sought: { seq: number } | null;
};

/** What was said, from its beginning, with what the machine found beside it. */
export const Thread: FC<Props> = ({ view, sought }) => {
  const { t } = useTranslation();
  const conversation_id = view.row.conversation_id;
  const [place, setPlace] = useState<PageArgs["place"]>({ kind: "after", seq: 0 });
  const args: PageArgs = { conversation_id, place, limit: PAGE };
  const { data, error } = useQuery({
    queryKey: keys.page(args),
    queryFn: () => call("conversation.messages", args),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  const box = useRef<HTMLDivElement>(null);
  const messages = (data?.messages ?? []).filter(({ text, file }) => text !== "" || file);
  const first = messages[0]?.seq ?? 0;
  const last = messages.at(-1)?.seq ?? 0;
  const [asked, setAsked] = useState(sought);
  if (asked !== sought) {
    setAsked(sought);
    if (sought && messages.length > 0 && (sought.seq < first || sought.seq > last))
      setPlace({ kind: "around", seq: sought.seq });
  }
  useEffect(() => {
    if (!sought || !data) return;
    box.current?.querySelector(`[data-seq="${sought.seq}"]`)?.scrollIntoView({ block: "center" });
  }, [sought, data]);
  if (error) return <Notice tone="warning">{errorText(t, error)}</Notice>;
  return (
    <div
      ref={box}
      className={`${css.thread} scroll`}
      role="log"
      aria-label={t("conversation.messages")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by key
      tabIndex={0}
      data-testid="quality-thread"
    >
      {data?.has_older && (
        <p className={css.more}>
          <LinkButton onClick={() => setPlace({ kind: "before", seq: first })}>
            {t("quality.older")}
          </LinkButton>
        </p>
      )}
      <ol className={css.list}>
        {messages.map((message) => (
          <Said
            key={message.id}
            message={message}
            isSought={message.seq === sought?.seq}
            withTime={message === messages[0]}
          >
            <Found
              items={view.form.draft.items}
              findings={view.pre.findings.filter(({ seq }) => seq === message.seq)}
            />
          </Said>
        ))}
      </ol>
      {data?.has_newer && (
        <p className={css.more}>
          <LinkButton onClick={() => setPlace({ kind: "after", seq: last })}>
            {t("quality.newer")}
          </LinkButton>
        </p>
      )}
    </div>
  );
};

type FoundProps = { items: readonly FormItem[]; findings: readonly QaFinding[] };

const Found: FC<FoundProps> = ({ items, findings }) => {
  const { t } = useTranslation();
  return findings.map((finding) => (
    <p key={`${finding.item} ${JSON.stringify(finding.what)}`} className={css.found}>
      <Icon name="warn" size={14} />
      <span>
        {items.find(({ id }) => id === finding.item)?.name}
        {t("app.colon")}
        {findingText(t, finding)}
      </span>
    </p>
  ));
};
