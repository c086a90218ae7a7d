import { Popover as Base } from "@base-ui/react/popover";
import type { FC, ReactElement, ReactNode, RefObject } from "react";
import { cx } from "./cx";
import css from "./Popover.module.css";

type Props = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  trigger: ReactElement<Record<string, unknown>>;
  label: string;
  align?: "start" | "end";
  className?: string | undefined;
  initialFocus?: RefObject<HTMLElement | null>;
  children: ReactNode;
};

/** A panel under its trigger that draws its own inside. Esc and a click outside close it. */
export const Popover: FC<Props> = ({
  open,
  onOpenChange,
  trigger,
  label,
  align = "end",
  className,
  initialFocus,
  children,
}) => (
  <Base.Root open={open} onOpenChange={onOpenChange}>
    <Base.Trigger render={trigger} />
    <Base.Portal>
      <Base.Positioner className={css.positioner} sideOffset={6} align={align}>
        <Base.Popup
          className={cx(css.popover, className)}
          aria-label={label}
          {...(initialFocus && { initialFocus })}
        >
          {children}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  </Base.Root>
);
