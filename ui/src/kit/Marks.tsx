import type { FC } from "react";
import { cx } from "./cx";
import { Icon, type IconName } from "./Icon";
import css from "./Marks.module.css";

type AvatarProps = { letter: string; size?: 20 | 24 | 32 | 40; self?: boolean };

/** A letter in a circle. */
export const Avatar: FC<AvatarProps> = ({ letter, size = 32, self = false }) => (
  <span className={cx(css.avatar, css[`a${size}`], self && css.self)} aria-hidden="true">
    {letter}
  </span>
);

type BadgeProps = {
  count: number;
  label: string;
  tone?: "accent" | "quiet" | "danger";
  className?: string | undefined;
};

/** A number of things to look at; 99+ above 99. */
export const Badge: FC<BadgeProps> = ({ count, label, tone = "accent", className }) => (
  <span className={cx(css.badge, css[tone], className)} role="img" aria-label={label}>
    {count > 99 ? "99+" : count}
  </span>
);

type TagProps = { children: string; tone?: "quiet" | "warning" | "danger" | "accent" | "success" };

/** A short word on a ground. */
export const Tag: FC<TagProps> = ({ children, tone = "quiet" }) => (
  <span className={cx(css.tag, css[`tag_${tone}`])}>{children}</span>
);

type SignalProps = {
  icon: IconName;
  tone?: "quiet" | "warning" | "danger" | "accent";
  size?: 14 | 16;
};

/** How bad something is, in front of its first line: a mark of its own for each, not a colour alone. */
export const Signal: FC<SignalProps> = ({ icon, tone = "quiet", size = 16 }) => (
  <span className={cx(css.signal, css[`signal_${tone}`])}>
    <Icon name={icon} size={size} />
  </span>
);

type Level = "urgent" | "high" | "normal" | "low";
type FlagProps = { level: Level; label: string; showLabel?: boolean };

/** A flag by level. Normal and low have no colour, and no flag unless named. */
export const Flag: FC<FlagProps> = ({ level, label, showLabel = false }) => {
  const flagged = level === "urgent" || level === "high";
  if (!flagged && !showLabel) return null;
  const icon = flagged && <Icon name={level === "urgent" ? "flagf" : "flag"} size={14} />;
  const look = cx(css.flag, css[level]);
  if (!showLabel) {
    return (
      <span className={look} role="img" aria-label={label}>
        {icon}
      </span>
    );
  }
  return (
    <span className={look}>
      {icon}
      {label}
    </span>
  );
};

export type Shape = "online" | "busy" | "away" | "transfer_only" | "offline";

/** A mark that differs by shape as well as by colour. */
export const PresenceMark: FC<{ shape: Shape }> = ({ shape }) => (
  <span className={cx(css.presence, css[`p_${shape}`])} aria-hidden="true" />
);
