import { type ComponentPropsWithRef, type FC, type ReactNode, useId } from "react";
import { cx } from "./cx";
import css from "./Field.module.css";
import { Icon, type IconName } from "./Icon";

type Props = ComponentPropsWithRef<"input"> & {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  hideLabel?: boolean;
  icon?: IconName;
  large?: boolean;
};

/** A labelled input with a hint, or with what is wrong. */
export const Field: FC<Props> = ({
  label,
  hint,
  error,
  hideLabel = false,
  icon,
  large = false,
  className,
  ...rest
}) => {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className={css.field}>
      <label htmlFor={id} className={cx(css.label, hideLabel && "sr")}>
        {label}
      </label>
      <span className={css.wrap}>
        {icon && <Icon name={icon} />}
        <input
          id={id}
          aria-invalid={error ? true : undefined}
          aria-describedby={note ? `${id}-note` : undefined}
          {...rest}
          className={cx(
            css.input,
            large && css.large,
            icon && css.withIcon,
            error && css.wrong,
            className,
          )}
        />
      </span>
      {note && (
        <p id={`${id}-note`} className={cx(css.hint, error && css.wrongHint)}>
          {note}
        </p>
      )}
    </div>
  );
};

type SwitchProps = {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  testId?: string;
};

/** On or off. */
export const Switch: FC<SwitchProps> = ({ label, checked, onChange, testId }) => (
  <input
    type="checkbox"
    role="switch"
    className={css.switch}
    aria-label={label}
    aria-checked={checked}
    checked={checked}
    data-testid={testId}
    onChange={(event) => onChange(event.currentTarget.checked)}
  />
);
