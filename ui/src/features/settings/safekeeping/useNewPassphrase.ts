import { useState } from "react";
import { isLongEnough } from "@/lib/passphrase";

/** A passphrase that is being chosen, and said twice; no fault is shown before it is sent. */
export function useNewPassphrase() {
  const [text, setText] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const isLong = isLongEnough(text);
  const isSame = again === text;
  /** Whether it can be taken; from then on it is said what is wrong. */
  const check = (): boolean => {
    setTried(true);
    return isLong && isSame;
  };
  return {
    text,
    setText,
    again,
    setAgain,
    isShort: tried && !isLong,
    differs: tried && isLong && !isSame,
    check,
  };
}

export type ChosenPassphrase = ReturnType<typeof useNewPassphrase>;
