import type { FC, ReactNode } from "react";
import { create } from "zustand";
import { LinkButton } from "./Button";
import { cx } from "./cx";
import { Icon, type IconName } from "./Icon";
import css from "./Notice.module.css";

export type Tone = "plain" | "info" | "warning" | "danger" | "success";
const ICONS: Record<Tone, IconName> = {
  plain: "info",
  info: "info",
  warning: "warn",
  danger: "stop",
  success: "check",
};

type Props = {
  tone?: Tone;
  icon?: IconName;
  action?: ReactNode;
  children: ReactNode;
  testId?: string;
};

/** A line that stays until what it says is no longer so. */
export const Notice: FC<Props> = ({ tone = "plain", icon, action, children, testId }) => (
  <div className={cx(css.notice, css[tone])} role="status" data-testid={testId}>
    <Icon name={icon ?? ICONS[tone]} />
    <p className="grow">{children}</p>
    {action}
  </div>
);

/** What can be done about what is said; `onGone` is told when it can be done no more. */
type Offer = { label: string; run: () => void; onGone?: () => void };
type Toast = { id: number; tone: Tone; text: string; action?: Offer };
type Toasts = {
  items: Toast[];
  add: (toast: Omit<Toast, "id">) => number;
  drop: (id: number) => void;
};

const STAY_MS = 6_000;
/** What is wrong wants to be read, and what can be taken back wants to be noticed. */
const LONG_STAY_MS = 12_000;
let last = 0;

const useToasts = create<Toasts>((set, get) => {
  const keep = (kept: Toast[]) => {
    const { items } = get();
    set({ items: kept });
    for (const item of items) if (!kept.includes(item)) item.action?.onGone?.();
  };
  return {
    items: [],
    add: (toast) => {
      last += 1;
      const id = last;
      const others = get().items.filter((item) => item.text !== toast.text);
      keep([...others, { ...toast, id }].slice(-3));
      const isLong = toast.tone === "danger" || toast.action !== undefined;
      setTimeout(() => get().drop(id), isLong ? LONG_STAY_MS : STAY_MS);
      return id;
    },
    drop: (id) => keep(get().items.filter((item) => item.id !== id)),
  };
});

/** Says something that passes. The answer takes it away before its time. */
export const toast = (tone: Tone, text: string, action?: Offer): (() => void) => {
  const { add, drop } = useToasts.getState();
  const id = add({ tone, text, ...(action && { action }) });
  return () => drop(id);
};

/** What one agent could still do is not the next one's to do. */
export const dropOffers = (): void => {
  const { items, drop } = useToasts.getState();
  for (const { id, action } of items) if (action) drop(id);
};

/** Takes all passing words away. */
export const clearToasts = (): void => {
  const { items, drop } = useToasts.getState();
  for (const { id } of items) drop(id);
};

/** Where passing words stand; once per window. */
export const ToastRegion: FC<{ label: string; closeLabel: string }> = ({ label, closeLabel }) => {
  const { items, drop } = useToasts();
  return (
    <section className={css.region} aria-label={label} aria-live="polite">
      {items.map((item) => (
        <div key={item.id} className={cx(css.toast, css[`toast_${item.tone}`])} data-testid="toast">
          <Icon name={ICONS[item.tone]} />
          <span className="grow">{item.text}</span>
          {item.action && (
            <LinkButton
              onClick={() => {
                item.action?.run();
                drop(item.id);
              }}
            >
              {item.action.label}
            </LinkButton>
          )}
          <button
            type="button"
            className={css.close}
            aria-label={closeLabel}
            onClick={() => drop(item.id)}
          >
            <Icon name="x" size={14} />
          </button>
        </div>
      ))}
    </section>
  );
};
