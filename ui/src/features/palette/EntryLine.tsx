import type { FC, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { cx } from "@/kit/cx";
import { Icon } from "@/kit/Icon";
import { Kbd } from "@/kit/Kbd";
import { Marked } from "@/kit/Marked";
import { Avatar } from "@/kit/Marks";
import { find } from "@/kit/ranges";
import { firstLetter } from "@/lib/text";
import { timeOfDay } from "@/lib/time";
import { useName } from "@/parts/Person";
import { DueClock, StateTag, useTicketNumber } from "@/parts/Ticket";
import { WaitClock } from "@/parts/WaitClock";
import type { Entry } from "./entries";
import css from "./Palette.module.css";

type Props = {
  entry: Entry;
  at: number;
  active: boolean;
  query: string;
  onChoose: () => void;
  onPoint: () => void;
};

/** One offer of the palette. */
export const EntryLine: FC<Props> = ({ entry, at, active, query, onChoose, onPoint }) => (
  // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox takes the keys
  <div
    id={`palette-${at}`}
    data-at={at}
    className={cx(css.option, active && css.active)}
    role="option"
    aria-selected={active}
    tabIndex={-1}
    onClick={onChoose}
    onPointerMove={onPoint}
    data-testid={`palette-${entry.kind}`}
  >
    <Inside entry={entry} query={query} />
  </div>
);

const Inside = ({ entry, query }: { entry: Entry; query: string }): ReactNode => {
  const { t } = useTranslation();
  const name = useName();
  const number = useTicketNumber();
  const mark = (text: string) => <Marked text={text} spans={find(text, query)} />;
  switch (entry.kind) {
    case "action":
      return (
        <>
          <Icon name={entry.icon} />
          <span className="grow one">{mark(entry.label)}</span>
          <span className={css.keys}>
            {entry.keys.split(" ").map((key) => (
              <Kbd key={key} keys={key} />
            ))}
          </span>
        </>
      );
    case "conversation":
      return (
        <>
          <Avatar letter={firstLetter(name(entry.row))} size={24} />
          <span className={css.who}>{mark(name(entry.row))}</span>
          <span className="grow one muted">{mark(entry.row.last_text || entry.row.number)}</span>
          <WaitClock row={entry.row} />
        </>
      );
    case "ticket":
      return (
        <>
          <Icon name="ticket" />
          <span className={css.who}>{mark(number(entry.row))}</span>
          <span className="grow one">{mark(entry.row.title)}</span>
          <DueClock row={entry.row} />
          <StateTag state={entry.row.state} />
        </>
      );
    case "message":
      return (
        <>
          <Avatar letter={firstLetter(name(entry.hit))} size={24} />
          <span className={css.who}>{name(entry.hit)}</span>
          <span className="grow one muted">
            <Marked text={entry.hit.text} spans={entry.hit.marks} />
          </span>
          <span className="small muted num">
            {entry.hit.number} {timeOfDay(entry.hit.at)}
          </span>
        </>
      );
    case "contact":
      return (
        <>
          <Icon name="user" />
          <span className="grow one">{mark(entry.hit.name || t("list.guest"))}</span>
        </>
      );
    case "faq":
      return (
        <>
          <Icon name="book" />
          <span className="grow one">
            <Marked text={entry.hit.question} spans={entry.hit.question_marks} />
          </span>
          <span className="small muted">{entry.hit.faq_id}</span>
        </>
      );
  }
};
