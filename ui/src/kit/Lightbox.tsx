import { Dialog as Base } from "@base-ui/react/dialog";
import type { FC, ReactNode } from "react";
import css from "./Lightbox.module.css";

type Props = { label: string; onClose: () => void; bar: ReactNode; children: ReactNode };

/** Something large over everything. Esc and a click beside the box close it. */
export const Lightbox: FC<Props> = ({ label, onClose, bar, children }) => (
  <Base.Root open onOpenChange={(next) => !next && onClose()}>
    <Base.Portal>
      <Base.Backdrop className={css.scrim} />
      <Base.Popup className={css.box} aria-label={label} data-testid="lightbox">
        <div className={css.bar}>{bar}</div>
        <div className={css.stage}>{children}</div>
      </Base.Popup>
    </Base.Portal>
  </Base.Root>
);
