import { type FC, useState } from "react";
import { AreaField } from "@/kit/FormField";
import { wordsOf, wordsText } from "./forms/form";

type Props = {
  label: string;
  hint?: string;
  words: readonly string[];
  error?: string | undefined;
  onChange: (words: string[]) => void;
  testId?: string;
};

/** A list of words as one text. What is typed stands as it was typed. */
export const WordsField: FC<Props> = ({ label, hint, words, error, onChange, testId }) => {
  const [text, setText] = useState(wordsText(words));
  if (wordsText(wordsOf(text)) !== wordsText(words)) setText(wordsText(words));
  return (
    <AreaField
      label={label}
      hint={hint}
      error={error}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        onChange(wordsOf(event.currentTarget.value));
      }}
      data-testid={testId}
    />
  );
};
