import { type FC, type KeyboardEvent, useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyText } from "@/hotkeys";
import { errorText } from "@/i18n/words";
import type { SearchHit } from "@/ipc/generated/SearchHit";
import { useFoundRows } from "@/ipc/queries";
import { EmptyState } from "@/kit/EmptyState";
import { Icon } from "@/kit/Icon";
import { Kbd } from "@/kit/Kbd";
import { Notice } from "@/kit/Notice";
import { VirtualList } from "@/kit/VirtualList";
import { composing } from "@/lib/ime";
import { useNow } from "@/lib/now";
import { useDebounced } from "@/lib/useDebounced";
import { findArgs, useSearchState } from "@/parts/search";
import { useRoutes } from "@/routes";
import { Filters } from "./Filters";
import { HitRow } from "./HitRow";
import { keyOf } from "./hits";
import { Preview } from "./Preview";
import css from "./Search.module.css";

const STILL_MS = 120;
const ROW_HEIGHT = 60;

/** Everything on this device in one list: what was said, who said it, what is known. */
export const Search: FC = () => {
  const { t } = useTranslation();
  const { go, openConversation, openFaq, openTicket } = useRoutes();
  const state = useSearchState();
  const { query, active, set } = state;
  const still = useDebounced(query.trim(), STILL_MS);
  const now = useNow();
  const [range, setRange] = useState({ from: 0, to: 0 });
  const onRange = useCallback((from: number, to: number) => setRange({ from, to }), []);
  const args = findArgs(state, still, now);
  const { data, error } = useFoundRows(args, range);
  const rows = data?.rows ?? [];
  const at = rows.findIndex((hit) => hit !== undefined && keyOf(hit) === active);
  const current = at >= 0 ? rows[at] : rows[0];
  const currentKey = current ? keyOf(current) : null;
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => input.current?.select(), []);

  const choose = (hit: SearchHit) => {
    set({ active: keyOf(hit) });
    if (hit.kind === "message") openConversation(hit.conversation_id, hit.seq);
    else if (hit.kind === "faq") openFaq(hit.faq_id);
    else if (hit.kind === "ticket") openTicket(hit.ticket_id);
    else openConversation(hit.conversation_id);
  };
  const chooseKey = (key: string) => {
    const hit = rows.find((each) => each !== undefined && keyOf(each) === key);
    if (hit) choose(hit);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (composing(event.nativeEvent)) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      const next = rows[Math.min(rows.length - 1, Math.max(0, Math.max(at, 0) + step))];
      if (next) set({ active: keyOf(next) });
    } else if (event.key === "Enter" && current && query.trim() === still) choose(current);
    else if (event.key === "Escape") go("inbox");
    else return;
    event.preventDefault();
  };
  const isStill = query.trim() === still;

  return (
    <main className={css.room} data-testid="search-room">
      <div className={css.head}>
        <div className={css.input}>
          <Icon name="search" size={20} />
          <input
            ref={input}
            role="combobox"
            aria-expanded="true"
            aria-controls="search-hits"
            aria-activedescendant={currentKey ? `row-${currentKey}` : undefined}
            aria-label={t("search.input")}
            placeholder={t("search.input")}
            value={query}
            // biome-ignore lint/a11y/noAutofocus: the room is entered to type here
            autoFocus
            autoComplete="off"
            spellCheck={false}
            data-testid="search-input"
            onChange={(event) => set({ query: event.currentTarget.value, active: null })}
            onKeyDown={onKeyDown}
          />
          <Kbd keys={keyText("searchAll")} />
        </div>
        <Filters counts={data?.counts ?? []} />
      </div>
      <div className={css.panes}>
        <section
          className={css.list}
          aria-label={t("search.results")}
          data-query={data?.isCurrent ? still : undefined}
        >
          <p className={css.count} role="status" data-testid="search-count">
            {still !== "" && data && t("search.found", { n: data.total })}
            {data?.isBehind && ` · ${t("search.behind")}`}
          </p>
          {error && <Notice tone="danger">{errorText(t, error)}</Notice>}
          {still === "" && (
            <EmptyState icon="search" title={t("search.startTitle")} text={t("search.startText")} />
          )}
          {still !== "" && data?.isCurrent && rows.length === 0 && isStill && (
            <EmptyState
              icon="search"
              title={t("palette.nothing", { query: still })}
              text={t("search.nothingText")}
              testId="search-none"
            />
          )}
          {still !== "" && rows.length > 0 && (
            <VirtualList
              key={JSON.stringify(args)}
              label={t("search.results")}
              className={css.rows}
              items={rows}
              rowHeight={ROW_HEIGHT}
              keyOf={keyOf}
              // One that is out of sight is not known, and stood on all the same.
              activeKey={currentKey ?? active}
              goneTo={active}
              selectedKey={currentKey}
              onActive={setActive}
              onChoose={chooseKey}
              onRange={onRange}
              look="card"
              rowClass={() => css.row}
              renderRow={(hit) => <HitRow hit={hit} query={still} />}
              listRef={list}
              testId="search-list"
              rowTestId="search-hit"
            />
          )}
        </section>
        <section className={`${css.preview} scroll`} aria-label={t("search.preview")}>
          {still !== "" && current && (
            <Preview key={keyOf(current)} hit={current} query={still} onOpen={choose} />
          )}
        </section>
      </div>
    </main>
  );
};

const setActive = (active: string) => useSearchState.setState({ active });
