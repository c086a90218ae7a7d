import { type FC, useState } from "react";
import { LineField } from "./FormField";
import css from "./NumberField.module.css";

type Props = {
  label: string;
  value: number;
  onChange: (value: number) => void;
  unit: string;
  min?: number;
  max?: number;
  step?: number;
  error?: string | undefined;
  disabled?: boolean;
  testId?: string;
};

/** A number with what it counts. What is no number yet is left standing and changes nothing. */
export const NumberField: FC<Props> = ({
  label,
  value,
  onChange,
  unit,
  min = 0,
  max,
  step = 1,
  error,
  disabled,
  testId,
}) => {
  const [text, setText] = useState(String(value));
  if (Number(text) !== value && text !== "" && Number.isFinite(Number(text)))
    setText(String(value));
  return (
    <div className={css.number}>
      <LineField
        label={label}
        type="number"
        inputMode="decimal"
        value={text}
        min={min}
        max={max}
        step={step}
        error={error}
        disabled={disabled}
        data-testid={testId}
        onChange={(event) => {
          const typed = event.currentTarget.value;
          setText(typed);
          const number = Number(typed);
          if (typed !== "" && Number.isFinite(number) && number >= min) onChange(number);
        }}
        onBlur={() => setText(String(value))}
      />
      <span className={css.unit}>{unit}</span>
    </div>
  );
};
