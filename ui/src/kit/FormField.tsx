import { type ComponentPropsWithRef, type FC, type ReactNode, useId } from "react";
import { cx } from "./cx";
import field from "./Field.module.css";
import css from "./FormField.module.css";
import { Icon } from "./Icon";

type Common = {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  /** It must be filled in; said to everybody, not by a star alone. */
  required?: boolean | undefined;
  requiredText?: string | undefined;
  hideLabel?: boolean | undefined;
};
type FrameProps = Common & { id: string; children: ReactNode };

const Frame: FC<FrameProps> = ({ id, label, hint, error, requiredText, hideLabel, children }) => {
  const note = error ?? hint;
  return (
    <div className={field.field}>
      <label htmlFor={id} className={cx(field.label, hideLabel && "sr")}>
        {label}
        {requiredText && <span className={css.required}>{requiredText}</span>}
      </label>
      {children}
      {note && (
        <p id={`${id}-note`} className={cx(field.hint, error && field.wrongHint)}>
          {note}
        </p>
      )}
    </div>
  );
};

const told = (id: string, { hint, error, required }: Common) => ({
  id,
  "aria-invalid": error ? true : undefined,
  "aria-required": required || undefined,
  "aria-describedby": error || hint ? `${id}-note` : undefined,
});
/** What belongs to the frame is not for the control. */
function apart<T extends Common>(props: T) {
  const { label, hint, error, required, requiredText, hideLabel, ...control } = props;
  return { frame: { label, hint, error, required, requiredText, hideLabel }, control };
}
/** A labelled line. */
export const LineField: FC<Common & Omit<ComponentPropsWithRef<"input">, "required">> = (props) => {
  const id = useId();
  const { frame, control } = apart(props);
  return (
    <Frame id={id} {...frame}>
      <input
        {...told(id, props)}
        {...control}
        className={cx(field.input, props.error && field.wrong, control.className)}
      />
    </Frame>
  );
};

/** A labelled text of several lines. */
export const AreaField: FC<Common & Omit<ComponentPropsWithRef<"textarea">, "required">> = (
  props,
) => {
  const id = useId();
  const { frame, control } = apart(props);
  return (
    <Frame id={id} {...frame}>
      <textarea
        {...told(id, props)}
        {...control}
        className={cx(field.input, css.area, props.error && field.wrong, control.className)}
      />
    </Frame>
  );
};

type ChoiceProps = Common &
  Omit<ComponentPropsWithRef<"select">, "required" | "onChange"> & {
    items: readonly { id: string; label: string }[];
    onChoose: (id: string) => void;
  };

/** A labelled choice of many. */
export const ChoiceField: FC<ChoiceProps> = ({ items, onChoose, ...props }) => {
  const id = useId();
  const { frame, control } = apart(props);
  return (
    <Frame id={id} {...frame}>
      <span className={css.choice}>
        <select
          {...told(id, props)}
          {...control}
          onChange={(event) => onChoose(event.currentTarget.value)}
          className={cx(field.input, css.select, props.error && field.wrong)}
        >
          {items.map((item) => (
            <option key={item.id} value={item.id}>
              {item.label}
            </option>
          ))}
        </select>
        <Icon name="down" size={12} />
      </span>
    </Frame>
  );
};

type CheckProps = {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  testId?: string;
};

/** Yes or no, with its words beside it. */
export const CheckField: FC<CheckProps> = ({ label, checked, onChange, testId }) => (
  <label className={css.check}>
    <input
      type="checkbox"
      checked={checked}
      data-testid={testId}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
    {label}
  </label>
);
