import type { FC } from "react";
import css from "./Marked.module.css";
import { pieces, type Span } from "./ranges";

type Props = {
  text: string;
  spans: readonly Span[];
  look?: "highlight" | "veiled";
  title?: string;
};

/** Text with spans marked: words that were found, or parts that are veiled. */
export const Marked: FC<Props> = ({ text, spans, look = "highlight", title }) =>
  pieces(text, spans).map((piece) => {
    if (!piece.marked) return piece.text;
    if (look === "highlight") return <mark key={piece.at}>{piece.text}</mark>;
    return (
      <span key={piece.at} className={css.veiled} title={title}>
        {piece.text}
      </span>
    );
  });
