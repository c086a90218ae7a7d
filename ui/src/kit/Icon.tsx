import type { FC } from "react";
import { cx } from "./cx";
import css from "./Icon.module.css";

export type IconName =
  | "logo"
  | "inbox"
  | "book"
  | "gear"
  | "search"
  | "down"
  | "right"
  | "x"
  | "check"
  | "check2"
  | "lock"
  | "clock"
  | "flag"
  | "flagf"
  | "arrow"
  | "undo"
  | "user"
  | "phone"
  | "mail"
  | "wechat"
  | "globe"
  | "link"
  | "sync"
  | "offline"
  | "slash"
  | "folder"
  | "clip"
  | "image"
  | "file"
  | "upload"
  | "pin"
  | "sort"
  | "warn"
  | "info"
  | "stop"
  | "bot"
  | "snooze"
  | "keyb"
  | "device"
  | "server"
  | "note"
  | "list"
  | "eye"
  | "like"
  | "dislike"
  | "swap"
  | "ticket"
  | "plus"
  | "more"
  | "filter"
  | "board"
  | "rows"
  | "pause"
  | "download"
  | "copy"
  | "edit"
  | "users"
  | "bell"
  | "mute"
  | "chart"
  | "quality";

type Props = { name: IconName; size?: 12 | 14 | 16 | 20 | 22; className?: string | undefined };

/** A symbol of the sprite; decoration only, the name stands beside it or on its control. */
export const Icon: FC<Props> = ({ name, size = 16, className }) => (
  <svg className={cx(css.icon, css[`s${size}`], className)} aria-hidden="true">
    <use href={`#i-${name}`} />
  </svg>
);
