import { Menu as Base } from "@base-ui/react/menu";
import type { FC, ReactElement, ReactNode } from "react";
import { cx } from "./cx";
import { Icon, type IconName } from "./Icon";
import { Kbd } from "./Kbd";
import css from "./Menu.module.css";

type Props = {
  trigger: ReactElement<Record<string, unknown>>;
  label: string;
  align?: "start" | "end";
  children: ReactNode;
};

/** A menu under its trigger. */
export const Menu: FC<Props> = ({ trigger, label, align = "start", children }) => (
  <Base.Root>
    <Base.Trigger render={trigger} />
    <Base.Portal>
      <Base.Positioner className={css.positioner} sideOffset={4} align={align}>
        <Base.Popup className={css.menu} aria-label={label}>
          {children}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  </Base.Root>
);

type ItemProps = {
  icon?: IconName;
  keys?: string | undefined;
  onSelect: () => void;
  testId?: string;
  children: ReactNode;
};

export const MenuItem: FC<ItemProps> = ({ icon, keys, onSelect, testId, children }) => (
  <Base.Item className={css.item} onClick={onSelect} data-testid={testId}>
    {icon && <Icon name={icon} />}
    <span className="grow">{children}</span>
    {keys && <Kbd keys={keys} />}
  </Base.Item>
);

type ChoiceProps<T extends string> = {
  head?: string;
  value: T;
  onChange: (value: T) => void;
  items: readonly { id: T; label: string; mark?: ReactNode; testId?: string }[];
};

/** One of several, ticked. */
export const MenuChoice = <T extends string>({
  head,
  value,
  onChange,
  items,
}: ChoiceProps<T>): ReturnType<FC> => (
  <Base.RadioGroup value={value} onValueChange={(next: T) => onChange(next)}>
    {head && <p className={css.head}>{head}</p>}
    {items.map((item) => (
      <Base.RadioItem
        key={item.id}
        value={item.id}
        className={css.item}
        closeOnClick
        data-testid={item.testId}
      >
        {item.mark}
        <span className="grow">{item.label}</span>
        <Base.RadioItemIndicator className={css.tick}>
          <Icon name="check" size={14} />
        </Base.RadioItemIndicator>
      </Base.RadioItem>
    ))}
  </Base.RadioGroup>
);

export const MenuLine: FC = () => <hr className={css.line} />;

export const MenuHead: FC<{ className?: string | undefined; children: ReactNode }> = ({
  className,
  children,
}) => <div className={cx(css.head, className)}>{children}</div>;
