import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { keyText, run } from "@/hotkeys";
import type { TicketCounts } from "@/ipc/generated/TicketCounts";
import { useTicketViews } from "@/ipc/tickets";
import { Button, IconButton } from "@/kit/Button";
import { Menu, MenuChoice, MenuItem, MenuLine } from "@/kit/Menu";
import { Segments, Tabs } from "@/kit/Tabs";
import { useRoutes } from "@/routes";
import { filtersOn, lookOf, type ScopeTab, useDesk } from "./store";
import css from "./Tickets.module.css";
import { useMayExport } from "./useMayExport";

const SORTS = ["due", "priority", "updated", "created"] as const;

/** Which tickets, how they are shown, and a new one. */
export const Head: FC<{ counts: TicketCounts | undefined }> = ({ counts }) => {
  const { t } = useTranslation();
  const fileTicket = useRoutes((routes) => routes.fileTicket);
  const { show, scope, sort, filters, filtersOpen, set } = useDesk();
  const views = useTicketViews().data?.views ?? [];
  const mayExport = useMayExport();
  const on = filtersOn(filters);
  const departments = counts?.departments ?? [];
  const tabs: { id: ScopeTab; label: string; count?: number }[] = [
    { id: "all", label: t("ticket.scope.all"), ...(counts && { count: counts.all }) },
    { id: "mine", label: t("ticket.scope.mine"), ...(counts && { count: counts.mine }) },
    { id: "waiting", label: t("ticket.scope.waiting"), ...(counts && { count: counts.waiting }) },
    ...(scope === "mentioned" || (counts && counts.mentioned > 0)
      ? [
          {
            id: "mentioned" as const,
            label: t("ticket.scope.mentioned"),
            ...(counts && { count: counts.mentioned }),
          },
        ]
      : []),
    // With one department its tickets are those of 全部 that are not elsewhere.
    ...(departments.length > 1 ? departments : []).map(({ id, name, count }) => ({
      id: `d:${id}` as const,
      label: name,
      count,
    })),
  ];
  return (
    <div className={css.head}>
      <Tabs
        label={t("ticket.scopes")}
        testId="ticket-scope"
        value={scope}
        onChange={(next) => set({ scope: next, ticked: new Set() })}
        items={tabs}
      />
      <span className="grow" />
      <IconButton
        icon="filter"
        label={`${t("ticket.filter")} (${keyText("ticketFind")})`}
        aria-pressed={filtersOpen}
        aria-expanded={filtersOpen}
        className={on > 0 ? css.filtered : undefined}
        onClick={() => set({ filtersOpen: !filtersOpen })}
        data-testid="ticket-filter"
      />
      <Menu
        label={t("ticket.sortAndMore")}
        align="end"
        trigger={
          <IconButton icon="sort" label={t("ticket.sortAndMore")} data-testid="ticket-sort" />
        }
      >
        <MenuChoice
          head={t("ticket.sort.label")}
          value={sort}
          onChange={(next) => set({ sort: next, reversed: false })}
          items={SORTS.map((id) => ({ id, label: t(`ticket.sort.${id}`) }))}
        />
        <MenuLine />
        {views.map((view) => (
          <MenuItem
            key={view.name}
            icon="pin"
            onSelect={() => {
              const look = lookOf(view);
              set({ ...look, filtersOpen: filtersOn(look.filters) > 0, ticked: new Set() });
            }}
            testId="ticket-view"
          >
            {view.name}
          </MenuItem>
        ))}
        <MenuItem
          icon="plus"
          keys={keyText("saveView")}
          onSelect={() => set({ asking: { kind: "views" } })}
          testId="ticket-view-new"
        >
          {t("ticket.view.title")}
        </MenuItem>
        {mayExport && (
          <MenuItem
            icon="download"
            keys={keyText("ticketExport")}
            onSelect={() => run("ticketExport")}
            testId="ticket-export"
          >
            {t("ticket.dialog.export")}
          </MenuItem>
        )}
      </Menu>
      <span title={keyText("ticketView")}>
        <Segments
          label={t("ticket.showAs")}
          value={show}
          onChange={(next) => set({ show: next })}
          items={[
            { id: "board", label: t("ticket.asBoard") },
            { id: "table", label: t("ticket.asTable") },
          ]}
        />
      </span>
      <Button
        icon="plus"
        title={keyText("ticketNew")}
        onClick={() => fileTicket({ from: null })}
        data-testid="ticket-new"
      >
        {t("ticket.new")}
      </Button>
    </div>
  );
};
