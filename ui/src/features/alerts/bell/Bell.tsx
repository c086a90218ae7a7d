import { type FC, type KeyboardEvent, type RefObject, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyText, useAction } from "@/hotkeys";
import { useBell, useSeeBell } from "@/ipc/alerts";
import type { BellLine } from "@/ipc/generated/BellLine";
import { IconButton } from "@/kit/Button";
import { cx } from "@/kit/cx";
import { EmptyState } from "@/kit/EmptyState";
import { Icon } from "@/kit/Icon";
import { Badge } from "@/kit/Marks";
import { Popover } from "@/kit/Popover";
import { dateText, daysAgo, timeOfDay } from "@/lib/time";
import css from "./Bell.module.css";
import { follow, shown } from "./lines";

/** What the agent was told: how much of it is new, and all of it to be read again. */
export const Bell: FC = () => {
  const { t } = useTranslation();
  const { data } = useBell();
  const see = useSeeBell();
  const [open, setOpen] = useState(false);
  /** Up to where it was seen when the list was opened: what came after keeps its mark until it closes. */
  const [marked, setMarked] = useState(0);
  const first = useRef<HTMLButtonElement>(null);
  const lines = data?.lines ?? [];
  const fresh = data?.n_new ?? 0;
  const change = (next: boolean) => {
    setOpen(next);
    const [newest] = lines;
    if (!next || !newest) return;
    setMarked(data?.seen ?? 0);
    if (fresh > 0) void see(newest.n);
  };
  useAction("bell", () => change(!open));
  const choose = ({ what }: BellLine) => {
    change(false);
    follow(what);
  };
  const label = fresh > 0 ? t("bell.fresh", { n: fresh }) : t("bell.title");

  return (
    <Popover
      open={open}
      onOpenChange={change}
      label={t("bell.title")}
      className={css.panel}
      initialFocus={first}
      trigger={
        <button
          type="button"
          className={css.bell}
          aria-label={label}
          title={`${t("bell.title")} (${keyText("bell")})`}
          data-testid="bell"
        >
          <Icon name="bell" size={16} />
          {fresh > 0 && <Badge count={fresh} label={label} className={css.badge} />}
        </button>
      }
    >
      <header className={css.head}>
        <h2 className="grow">{t("bell.title")}</h2>
        <IconButton icon="x" size="sm" label={t("app.close")} onClick={() => change(false)} />
      </header>
      {lines.length === 0 ? (
        <EmptyState icon="bell" title={t("bell.noneTitle")} text={t("bell.noneText")} />
      ) : (
        <ul className={`${css.lines} scroll`} onKeyDown={walk} data-testid="bell-lines">
          {lines.map((line, n) => (
            <li key={line.n}>
              <Line
                line={line}
                isNew={line.n > marked}
                onChoose={choose}
                buttonRef={n === 0 ? first : undefined}
              />
            </li>
          ))}
        </ul>
      )}
    </Popover>
  );
};

type LineProps = {
  line: BellLine;
  isNew: boolean;
  onChoose: (line: BellLine) => void;
  buttonRef?: RefObject<HTMLButtonElement | null> | undefined;
};

const Line: FC<LineProps> = ({ line, isNew, onChoose, buttonRef }) => {
  const { t, i18n } = useTranslation();
  const { icon, tone, text } = shown(t, line.what);
  const now = Date.now();
  return (
    <button
      ref={buttonRef}
      type="button"
      className={cx(css.line, isNew && css.new)}
      onClick={() => onChoose(line)}
      data-testid="bell-line"
    >
      <span className={cx(css.mark, css[tone])}>
        <Icon name={icon} size={14} />
      </span>
      <span className="grow">
        {isNew && <span className="sr">{t("bell.isNew")}</span>}
        {text}
      </span>
      <time className={css.at} dateTime={new Date(line.at).toISOString()}>
        {daysAgo(line.at, now) === 0 ? timeOfDay(line.at) : dateText(line.at, now, i18n.language)}
      </time>
    </button>
  );
};

/** Arrows, Home and End walk through the lines. */
function walk(event: KeyboardEvent<HTMLUListElement>): void {
  const lines = [...event.currentTarget.querySelectorAll("button")];
  const at = lines.findIndex((line) => line.matches(":focus"));
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: lines.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  lines[Math.min(lines.length - 1, Math.max(0, to))]?.focus();
}
