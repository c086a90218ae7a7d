import { type FC, useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyText, useAction } from "@/hotkeys";
import type { ConversationRow } from "@/ipc/generated/ConversationRow";
import type { InboxScope } from "@/ipc/generated/InboxScope";
import { Button, IconButton } from "@/kit/Button";
import { cx } from "@/kit/cx";
import { EmptyState } from "@/kit/EmptyState";
import { Icon } from "@/kit/Icon";
import { Menu, MenuChoice } from "@/kit/Menu";
import { Tabs } from "@/kit/Tabs";
import { VirtualList } from "@/kit/VirtualList";
import { useRoutes } from "@/routes";
import { useDesk } from "../store";
import { BulkBar } from "./BulkBar";
import { FilterPanel } from "./FilterPanel";
import css from "./List.module.css";
import { ListEmpty } from "./ListEmpty";
import { Row } from "./Row";
import { useSelection } from "./selection";
import { useFilter } from "./useFilter";
import { useRows } from "./useRows";
import { Views } from "./Views";

const SCOPES: readonly InboxScope[] = ["mine", "queue", "all", "snoozed", "resolved"];
const ROW_HEIGHT = 60;
const idOf = ({ id }: ConversationRow) => id;

/** The list of conversations: scope, order, rows. */
export const List: FC = () => {
  const { t } = useTranslation();
  const { scope, setScope, open, openConversation } = useRoutes();
  const { sort, row, set } = useDesk();
  const { list: place, data } = useRows();
  // The counts of the scope that was left hold until those of this one are there.
  const [counts, setCounts] = useState(data?.counts);
  if (data && data.counts !== counts) setCounts(data.counts);
  const rows = data?.rows;
  const onRange = useCallback(
    (from: number, to: number) => set({ range: { list: place, from, to } }),
    [place, set],
  );
  const by = useFilter();
  const [filtering, setFiltering] = useState(false);
  const { on: selecting, ids: chosen, toggle, clear } = useSelection();
  const list = useRef<HTMLDivElement>(null);
  useAction("filter", () => setFiltering(!filtering));
  useAction("saveView", () => setFiltering(true), !filtering);
  // What was ticked in one list is not acted on from another.
  const left = useRef(place);
  useEffect(() => {
    if (left.current !== place) clear();
    left.current = place;
  }, [place, clear]);
  const setRow = useCallback((id: string) => set({ row: id }), [set]);
  useAction("list", () => list.current?.focus());
  useEffect(() => {
    if (open) set({ row: open });
  }, [open, set]);

  return (
    <section className={css.pane} aria-label={t("list.label")}>
      <div className={css.narrow}>
        <Menu
          label={t("list.scopes")}
          trigger={<IconButton icon="list" label={t("list.scopes")} />}
        >
          <MenuChoice
            value={scope}
            onChange={setScope}
            items={SCOPES.map((id) => ({
              id,
              label: counts ? `${t(`list.${id}`)} ${counts[id]}` : t(`list.${id}`),
            }))}
          />
        </Menu>
      </div>
      <div className={css.head}>
        <Tabs
          label={t("list.scopes")}
          testId="scope"
          value={scope}
          onChange={setScope}
          items={SCOPES.map((id) => ({
            id,
            // A row of five has little room in a narrow pane.
            label: t(id === "snoozed" || id === "resolved" ? `list.tab.${id}` : `list.${id}`),
            countWideOnly: id !== "mine" && id !== "queue",
            ...(counts && { count: counts[id] }),
          }))}
        />
      </div>
      <div className={css.subhead}>
        <Menu
          label={t("list.sort")}
          trigger={
            <button type="button" className="hstack" title={keyText("sort")} data-testid="sort">
              {t(sort === "waiting" ? "list.byWaiting" : "list.byPriority")}
              <Icon name="down" size={12} />
            </button>
          }
        >
          <MenuChoice
            value={sort}
            onChange={(next) => set({ sort: next })}
            items={[
              { id: "waiting", label: t("list.byWaiting") },
              { id: "priority", label: t("list.byPriority") },
            ]}
          />
        </Menu>
        <Views by={by} />
        <span className="grow" />
        <button
          type="button"
          className={cx("hstack", by.n > 0 && css.narrowed)}
          title={`${t("filter.title")} (${keyText("filter")})`}
          aria-expanded={filtering}
          onClick={() => setFiltering(!filtering)}
          data-testid="filter"
        >
          <Icon name="filter" size={14} />
          {by.n > 0 ? t("filter.on", { n: by.n }) : t("filter.title")}
        </button>
      </div>
      {filtering && <FilterPanel by={by} onClose={() => setFiltering(false)} />}
      {data && rows?.length === 0 && (
        <div className={css.empty}>
          {by.n > 0 ? (
            <EmptyState
              testId="empty-filtered"
              icon="filter"
              title={t("filter.emptyTitle")}
              text={t("filter.emptyText")}
            >
              <Button onClick={by.clear}>{t("filter.clear")}</Button>
            </EmptyState>
          ) : (
            <ListEmpty scope={scope} queue={data.counts.queue} />
          )}
        </div>
      )}
      {rows && rows.length > 0 && (
        <VirtualList
          key={place}
          label={t("list.rows", { scope: t(`list.${scope}`), n: rows.length })}
          className={css.rows}
          items={rows}
          rowHeight={ROW_HEIGHT}
          keyOf={idOf}
          activeKey={row}
          selectedKey={open}
          onActive={setRow}
          onRange={onRange}
          onChoose={(id) => openConversation(id)}
          onToggle={toggle}
          rowClass={({ id, unread }) =>
            cx(
              css.row,
              id === open && css.selected,
              unread > 0 && css.unread,
              chosen.includes(id) && css.chosen,
            )
          }
          renderRow={(each) => (
            <Row row={each} {...(selecting && { chosen: chosen.includes(each.id) })} />
          )}
          listRef={list}
          testId="conv-list"
          rowTestId="conv-row"
        />
      )}
      {selecting && <BulkBar />}
    </section>
  );
};
