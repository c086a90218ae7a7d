import { Dialog as Base } from "@base-ui/react/dialog";
import { type FC, type ReactNode, type RefObject, useRef } from "react";
import { cx } from "./cx";
import css from "./Dialog.module.css";

type Props = {
  open: boolean;
  onClose: () => void;
  title: string;
  /** What it is about; read out with the title. */
  text?: string | undefined;
  size?: "md" | "lg" | "xl";
  foot?: ReactNode;
  children?: ReactNode;
  initialFocus?: RefObject<HTMLElement | null>;
  /** It is long and there to be read: it opens at its top and scrolls by key. */
  reading?: boolean;
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
  reading = false,
  testId,
}) => {
  const popup = useRef<HTMLDivElement>(null);
  const first = reading ? popup : initialFocus;
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={css.scrim} />
        <Base.Popup
          ref={popup}
          className={cx(css.dialog, css[size])}
          data-testid={testId}
          {...(first && { initialFocus: first })}
        >
          <Base.Title className={css.title}>{title}</Base.Title>
          {text && <Base.Description className="soft">{text}</Base.Description>}
          {children}
          {foot && <div className={css.foot}>{foot}</div>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
};

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
