import type { FC } from "react";
import css from "./Kbd.module.css";

/** A key or chord, such as `Ctrl 1`. */
export const Kbd: FC<{ keys: string }> = ({ keys }) => <kbd className={css.kbd}>{keys}</kbd>;
