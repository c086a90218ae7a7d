import { Dialog as Base } from "@base-ui/react/dialog";
import type { FC, ReactNode, RefObject } from "react";
import { cx } from "./cx";
import css from "./Dialog.module.css";

type Props = {
  open: boolean;
  onClose: () => void;
  title: string;
  /** What it is about; read out with the title. */
  text?: string | undefined;
  size?: "md" | "lg";
  foot?: ReactNode;
  children?: ReactNode;
  initialFocus?: RefObject<HTMLElement | null>;
  testId?: string;
};

/** A modal dialog. Esc and a click outside close it. */
export const Dialog: FC<Props> = ({
  open,
  onClose,
  title,
  text,
  size = "md",
  foot,
  children,
  initialFocus,
  testId,
}) => (
  <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
    <Base.Portal>
      <Base.Backdrop className={css.scrim} />
      <Base.Popup
        className={cx(css.dialog, css[size])}
        data-testid={testId}
        {...(initialFocus && { initialFocus })}
      >
        <Base.Title className={css.title}>{title}</Base.Title>
        {text && <Base.Description className="soft">{text}</Base.Description>}
        {children}
        {foot && <div className={css.foot}>{foot}</div>}
      </Base.Popup>
    </Base.Portal>
  </Base.Root>
);

type PanelProps = {
  open: boolean;
  onClose: () => void;
  label: string;
  className?: string | undefined;
  children: ReactNode;
};

/** A modal panel near the top that draws its own inside. */
export const Panel: FC<PanelProps> = ({ open, onClose, label, className, children }) => (
  <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
    <Base.Portal>
      <Base.Backdrop className={css.scrim} />
      <Base.Popup className={cx(css.panel, className)} aria-label={label}>
        {children}
      </Base.Popup>
    </Base.Portal>
  </Base.Root>
);
