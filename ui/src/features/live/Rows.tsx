import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { useSpan } from "@/i18n/useSpan";
import type { LiveRow } from "@/ipc/generated/LiveRow";
import { Icon } from "@/kit/Icon";
import { Flag } from "@/kit/Marks";
import { Table, type TableColumn } from "@/kit/Table";
import { useNow } from "@/lib/now";
import { useName } from "@/parts/Person";
import { WaitClock } from "@/parts/WaitClock";
import css from "./Live.module.css";

type Props = {
  /** Who waits longest in front; a hole for what is not known yet. */
  rows: readonly (LiveRow | undefined)[];
  active: string | null;
  /** The one that was gone to; `active` also stands on one by itself. */
  goneTo: string | null;
  onActive: (id: string) => void;
  onOpen: (id: string) => void;
  onRange: (from: number, to: number) => void;
};

const ROW_PX = 44;
const idOf = ({ row }: LiveRow) => row.id;

/** What goes on, as a table of which only what is in sight exists. Arrows move, Enter opens. */
export const Rows: FC<Props> = ({ rows, active, goneTo, onActive, onOpen, onRange }) => {
  const { t } = useTranslation();
  const name = useName();
  const columns: TableColumn<LiveRow, never>[] = [
    {
      id: "customer",
      label: t("live.col.customer"),
      width: "minmax(96px, 1.2fr)",
      cell: ({ row }) => (
        <span className={css.two}>
          <span className="one">{name(row)}</span>
          <span className="small muted num one">{row.number}</span>
        </span>
      ),
    },
    {
      id: "agent",
      label: t("live.col.agent"),
      width: "minmax(88px, 1fr)",
      cell: (live) => <Who live={live} />,
    },
    {
      id: "waits",
      label: t("live.col.waits"),
      width: "88px",
      cell: ({ row }) => <WaitClock row={row} />,
    },
    {
      id: "priority",
      label: t("live.col.priority"),
      width: "minmax(72px, 1.2fr)",
      from: 560,
      cell: (live) => <Urgency live={live} />,
    },
    {
      id: "group",
      label: t("live.col.group"),
      width: "96px",
      from: 900,
      cell: ({ group }) => group,
    },
    {
      id: "last",
      label: t("live.col.last"),
      width: "minmax(120px, 2.4fr)",
      from: 420,
      cell: (live) => <Last live={live} />,
    },
  ];
  return (
    <Table
      label={t("live.rows", { n: rows.length })}
      columns={columns}
      items={rows}
      keyOf={idOf}
      rowHeight={ROW_PX}
      activeKey={active}
      goneTo={goneTo}
      openKey={active}
      onActive={onActive}
      onOpen={onOpen}
      opensByTwo
      onRange={onRange}
      testId="live-table"
    />
  );
};

/** Who has it, and for how long. */
const Who: FC<{ live: LiveRow }> = ({ live: { row, since } }) => {
  const { t } = useTranslation();
  const span = useSpan();
  const now = useNow();
  const { handler } = row;
  const isHeld = handler.kind === "colleague";
  return (
    <span className={css.two}>
      <span className="one">{isHeld ? handler.name : t(`live.with.${handler.kind}`)}</span>
      {isHeld && since !== null && (
        <span className="small muted one">{t("live.since", { span: span(now - since) })}</span>
      )}
    </span>
  );
};

/** The priority, with the words that made it so. */
const Urgency: FC<{ live: LiveRow }> = ({ live: { row, reasons } }) => {
  const { t } = useTranslation();
  const words = reasons.flatMap((reason) => (reason.kind === "words" ? [reason.words] : []));
  return (
    <span className={css.two}>
      <Flag level={row.priority} label={t(`priority.${row.priority}`)} showLabel />
      {words.length > 0 && <span className="small muted one">{words.join("、")}</span>}
    </span>
  );
};

/** What was said last, and how many whispers there are. */
const Last: FC<{ live: LiveRow }> = ({ live: { row, whispers } }) => {
  const { t } = useTranslation();
  return (
    <span className={css.last}>
      {whispers > 0 && (
        <span className={css.whispers} title={t("live.whispers", { n: whispers })}>
          <Icon name="lock" size={12} />
          <span className="num">{whispers}</span>
        </span>
      )}
      <span className="one muted">{row.last_text}</span>
    </span>
  );
};
