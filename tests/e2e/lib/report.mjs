// What a script says while it runs: one line for each thing that was seen to hold.
import { mkdirSync } from "node:fs";
import path from "node:path";

/** Where pictures go; none are kept without it. */
export const OUT = process.env.LINGTAI_OUT && path.resolve(process.env.LINGTAI_OUT);
if (OUT) mkdirSync(OUT, { recursive: true });

const begun = Date.now();

/** Seconds since the start, as printed. */
export const elapsed = () => ((Date.now() - begun) / 1000).toFixed(1).padStart(5);

export const passed = (what) => console.log(`ok ${elapsed()} s  ${what}`);

export function check(what, holds) {
  if (!holds) throw new Error(`not so: ${what}`);
  passed(what);
}

/** A picture of something that has `shot`, where pictures are kept. */
export async function picture(of, name) {
  if (OUT) await of.shot(path.join(OUT, `${name}.png`));
}
