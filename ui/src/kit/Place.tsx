import { type ReactNode, useLayoutEffect, useRef } from "react";

type Props = {
  top: number;
  /** Called with the element, so that its height can be measured. */
  onElement?: ((element: HTMLElement | null) => void) | undefined;
  children: ReactNode;
} & Record<string, unknown>;

/** A row at its place in a virtual list. Set through the CSSOM: the page's policy allows no style attribute. */
export const Place = ({ top, onElement, children, ...rest }: Props): ReactNode => {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => ref.current?.style.setProperty("transform", `translateY(${top}px)`), [top]);
  return (
    <div
      ref={(node) => {
        ref.current = node;
        onElement?.(node);
      }}
      {...rest}
    >
      {children}
    </div>
  );
};
