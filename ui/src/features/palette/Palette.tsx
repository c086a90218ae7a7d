import { useQueryClient } from "@tanstack/react-query";
import { type FC, Fragment, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ACTIONS, keyText, run, useActions } from "@/hotkeys";
import { useInbox, useSearch } from "@/ipc/queries";
import { noFilter, useTicketList } from "@/ipc/tickets";
import { cx } from "@/kit/cx";
import { Panel } from "@/kit/Dialog";
import { EmptyState } from "@/kit/EmptyState";
import { Icon } from "@/kit/Icon";
import { Kbd } from "@/kit/Kbd";
import { toast } from "@/kit/Notice";
import { composing } from "@/lib/ime";
import { useDebounced } from "@/lib/useDebounced";
import { insertAnswer } from "@/parts/drafts";
import { useSearchState } from "@/parts/search";
import { useRoutes } from "@/routes";
import { EntryLine } from "./EntryLine";
import { type Entry, KINDS, offers } from "./entries";
import css from "./Palette.module.css";

const STILL_MS = 150;
const TICKETS = 6;
const HEADS = {
  action: "palette.commands",
  conversation: "palette.conversations",
  ticket: "palette.tickets",
  message: "palette.messages",
  contact: "palette.contacts",
  faq: "palette.faq",
} as const;

/** Everything from one line: commands, conversations, what was written, who wrote, what is known. */
export const Palette: FC = () => {
  const { t } = useTranslation();
  const { overlay, show } = useRoutes();
  return (
    <Panel open={overlay === "palette"} onClose={() => show(null)} label={t("palette.label")}>
      <Inside />
    </Panel>
  );
};

const Inside: FC = () => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { open, show, openConversation, openTicket } = useRoutes();
  const handlers = useActions((actions) => actions.handlers);
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const still = useDebounced(query.trim(), STILL_MS);
  const { data: inbox } = useInbox({ scope: "all", sort: "waiting" });
  const { data: found } = useSearch(still);
  const { data: tickets } = useTicketList(noFilter({ query: still }), TICKETS, still !== "");
  const list = useRef<HTMLDivElement>(null);

  const actions = ACTIONS.filter(({ id }) => id !== "palette" && handlers[id]).map(
    ({ id, icon }): Entry => ({
      kind: "action",
      key: `a-${id}`,
      id,
      icon,
      label: t(`action.${id}`),
      keys: keyText(id),
    }),
  );
  const entries = offers(
    query,
    actions,
    inbox?.rows ?? [],
    still === "" ? [] : (found?.items ?? []),
    still === "" ? [] : (tickets?.rows ?? []),
  );
  const current = Math.min(at, Math.max(0, entries.length - 1));
  useEffect(() => {
    list.current?.querySelector(`[data-at="${current}"]`)?.scrollIntoView({ block: "nearest" });
  }, [current]);

  const choose = (entry: Entry) => {
    show(null);
    switch (entry.kind) {
      // After the panel is gone, so that what the action focuses keeps the focus.
      case "action":
        if (entry.id === "searchAll" && query.trim() !== "")
          useSearchState.setState({ query: query.trim(), active: null });
        return void setTimeout(() => run(entry.id), 0);
      case "conversation":
        return openConversation(entry.row.id);
      case "ticket":
        return openTicket(entry.row.id);
      case "message":
        return openConversation(entry.hit.conversation_id, entry.hit.seq || undefined);
      case "contact":
        return openConversation(entry.hit.conversation_id);
      case "faq":
        if (open) return insertAnswer(client, open, entry.hit);
        void navigator.clipboard
          ?.writeText(entry.hit.answer)
          .then(() => toast("plain", t("palette.copied")));
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (composing(event.nativeEvent)) return;
    const entry = entries[current];
    if (event.key === "ArrowDown") setAt((current + 1) % Math.max(1, entries.length));
    else if (event.key === "ArrowUp")
      setAt((current - 1 + entries.length) % Math.max(1, entries.length));
    else if (event.key === "Enter" && entry) choose(entry);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <div className={css.input}>
        <Icon name="search" />
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={entries.length > 0 ? `palette-${current}` : undefined}
          aria-label={t("palette.input")}
          placeholder={t("palette.input")}
          value={query}
          data-testid="palette-input"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setAt(0);
            setQuery(event.currentTarget.value);
          }}
          onKeyDown={onKeyDown}
        />
        <Kbd keys="Esc" />
      </div>
      <div
        className={cx(css.list, "scroll")}
        id="palette-list"
        ref={list}
        role="listbox"
        aria-label={t("palette.results")}
      >
        {entries.map((entry, index) => (
          <Fragment key={entry.key}>
            {entry.kind !== entries[index - 1]?.kind && (
              <h2 role="presentation">
                {t(HEADS[KINDS.find((kind) => kind === entry.kind) ?? "action"])}
              </h2>
            )}
            <EntryLine
              entry={entry}
              at={index}
              active={index === current}
              query={query}
              onChoose={() => choose(entry)}
              onPoint={() => setAt(index)}
            />
          </Fragment>
        ))}
        {entries.length === 0 && query.trim() === still && (
          <EmptyState
            icon="search"
            title={t("palette.nothing", { query: query.trim() })}
            text={t("palette.nothingText")}
          />
        )}
      </div>
      <p className={css.foot}>
        <span>
          <Kbd keys="↑" />
          <Kbd keys="↓" />
          {t("palette.choose")}
        </span>
        <span>
          <Kbd keys="Enter" />
          {t("palette.runIt")}
        </span>
        <span>
          <Kbd keys="Esc" />
          {t("palette.close")}
        </span>
      </p>
    </>
  );
};
