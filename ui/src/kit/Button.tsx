import type { ComponentPropsWithRef, FC, ReactNode } from "react";
import css from "./Button.module.css";
import { cx } from "./cx";
import { Icon, type IconName } from "./Icon";
import { Kbd } from "./Kbd";

type Props = ComponentPropsWithRef<"button"> & {
  look?: "plain" | "primary" | "danger" | "ghost";
  size?: "sm" | "md" | "lg";
  icon?: IconName;
  keys?: string | undefined;
  busy?: boolean;
  block?: boolean;
  children?: ReactNode;
};

/** A button with an optional icon and the key that does the same. */
export const Button: FC<Props> = ({
  look = "plain",
  size = "md",
  icon,
  keys,
  busy = false,
  block = false,
  className,
  children,
  ...rest
}) => (
  <button
    type="button"
    aria-busy={busy || undefined}
    {...rest}
    className={cx(css.btn, css[look], css[size], block && css.block, className)}
  >
    {busy ? (
      <Icon name="sync" size={14} className={css.turn} />
    ) : (
      icon && <Icon name={icon} size={size === "sm" ? 14 : 16} />
    )}
    {children}
    {keys && <Kbd keys={keys} />}
  </button>
);

type IconButtonProps = Omit<Props, "children" | "keys"> & { icon: IconName; label: string };

/** A square button that shows only an icon; the label is its name and its tooltip. */
export const IconButton: FC<IconButtonProps> = ({
  icon,
  label,
  look = "ghost",
  size = "md",
  className,
  ...rest
}) => (
  <button
    type="button"
    aria-label={label}
    title={label}
    {...rest}
    className={cx(css.btn, css[look], css[size], css.square, className)}
  >
    <Icon name={icon} />
  </button>
);

/** A button that reads as a link. */
export const LinkButton: FC<ComponentPropsWithRef<"button">> = ({ className, ...rest }) => (
  <button type="button" {...rest} className={cx(css.link, className)} />
);
