import type { FC, KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { useSpan } from "@/i18n/useSpan";
import type { LiveRow } from "@/ipc/generated/LiveRow";
import { cx } from "@/kit/cx";
import { Icon } from "@/kit/Icon";
import { Flag } from "@/kit/Marks";
import { useNow } from "@/lib/now";
import { useName } from "@/parts/Person";
import { WaitClock } from "@/parts/WaitClock";
import css from "./Live.module.css";

type Props = {
  rows: readonly LiveRow[];
  at: number;
  onAt: (at: number) => void;
  onOpen: (id: string) => void;
};

/** What goes on, who waits longest in front. Arrows move, Enter opens. */
export const Rows: FC<Props> = ({ rows, at, onAt, onOpen }) => {
  const { t } = useTranslation();
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[at];
    if (event.key === "ArrowDown") onAt(at + 1);
    else if (event.key === "ArrowUp") onAt(Math.max(0, at - 1));
    else if (event.key === "Enter" && row) onOpen(row.row.id);
    else return;
    event.preventDefault();
  };
  return (
    <table className={css.table} onKeyDown={onKeyDown}>
      <thead>
        <tr>
          <th scope="col">{t("live.col.customer")}</th>
          <th scope="col">{t("live.col.agent")}</th>
          <th scope="col">{t("live.col.waits")}</th>
          <th scope="col">{t("live.col.priority")}</th>
          <th scope="col" className="wide-only">
            {t("live.col.group")}
          </th>
          <th scope="col">{t("live.col.last")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, n) => (
          <Row
            key={row.row.id}
            row={row}
            n={n}
            active={n === at}
            onAt={() => onAt(n)}
            onOpen={() => onOpen(row.row.id)}
          />
        ))}
      </tbody>
    </table>
  );
};

type RowProps = { row: LiveRow; n: number; active: boolean; onAt: () => void; onOpen: () => void };

const Row: FC<RowProps> = ({ row: live, n, active, onAt, onOpen }) => {
  const { t } = useTranslation();
  const name = useName();
  const span = useSpan();
  const now = useNow();
  const { row, group, since, whispers } = live;
  const { handler } = row;
  const words = live.reasons.flatMap((reason) => (reason.kind === "words" ? [reason.words] : []));
  const who = handler.kind === "colleague" ? handler.name : t(`live.with.${handler.kind}`);
  return (
    <tr
      className={cx(css.row, active && css.active)}
      aria-selected={active}
      data-live={n}
      data-testid="live-row"
      data-id={row.id}
      onClick={onAt}
      onDoubleClick={onOpen}
    >
      <td>
        <button type="button" className={css.open} onFocus={onAt} onClick={onOpen}>
          <span className="one">{name(row)}</span>
          <span className="small muted num">{row.number}</span>
        </button>
      </td>
      <td>
        <span className="one">{who}</span>
        {since !== null && handler.kind === "colleague" && (
          <span className="small muted">{t("live.since", { span: span(now - since) })}</span>
        )}
      </td>
      <td>
        <WaitClock row={row} />
      </td>
      <td>
        <span className={css.priority}>
          <Flag level={row.priority} label={t(`priority.${row.priority}`)} showLabel />
          {words.length > 0 && <span className="small muted one">{words.join("、")}</span>}
        </span>
      </td>
      <td className="wide-only">
        <span className="one">{group}</span>
      </td>
      <td>
        <span className={css.last}>
          {whispers > 0 && (
            <span className={css.whispers} title={t("live.whispers", { n: whispers })}>
              <Icon name="lock" size={12} />
              <span className="num">{whispers}</span>
            </span>
          )}
          <span className="one muted">{row.last_text}</span>
        </span>
      </td>
    </tr>
  );
};
