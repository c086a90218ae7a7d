/** What a line of a chart stands for; its colour follows from it. */
type Look = "first" | "second" | "third" | "before";

/** Values by place; none where nothing was counted, which is drawn as a gap. */
export type Series = { name: string; values: readonly (number | null)[]; look: Look };

/** A value that is not to be passed. */
type Limit = { name: string; value: number };

type Common = {
  /** A value as it is written beside its bar, in the tip and in the table. */
  format: (value: number) => string;
};

/** Values over time. */
export type LinesSpec = Common & {
  kind: "lines";
  labels: readonly string[];
  series: readonly Series[];
  limit?: Limit;
  /** The scale ends here where the values come near to it: 1 for shares. */
  most?: number;
  /** A step of the scale, where round numbers are none of its unit. */
  step?: number;
  /** A value as the scale writes it. */
  tick?: (value: number) => string;
};

/** Parts of a whole over time, on each other. */
export type BarsSpec = Common & {
  kind: "bars";
  labels: readonly string[];
  series: readonly Series[];
  limit?: Limit;
};

export type Rank = { key: string; label: string; value: number; note: string };

/** Values by name, the largest first, each with a word at the end. */
export type RanksSpec = Common & {
  kind: "ranks";
  rows: readonly Rank[];
  /** What the values are, and the words at the end, as heads of the table. */
  valueName: string;
  noteName: string;
};

/** Values by two names; the darker, the more. */
export type HeatSpec = Common & {
  kind: "heat";
  columns: readonly string[];
  rows: readonly string[];
  /** By row, then by column. */
  values: readonly (readonly (number | null)[])[];
};

/** What is drawn, without a word of how. */
export type Spec = LinesSpec | BarsSpec | RanksSpec | HeatSpec;

/** Whether there is anything to draw. */
export function isBlank(spec: Spec): boolean {
  switch (spec.kind) {
    case "ranks":
      return spec.rows.length === 0;
    case "heat":
      return spec.values.every((row) => row.every((value) => value === null || value === 0));
    default:
      return spec.series.every(({ values }) => values.every((value) => value === null));
  }
}

/** The same values as a table: heads, then lines that begin with their name. */
export type Grid = { heads: readonly string[]; lines: readonly (readonly string[])[] };

const NONE = "–";

/** What stands behind a chart, for those who do not see it. `corner` names the first column. */
export function gridOf(spec: Spec, corner: string): Grid {
  const text = (value: number | null | undefined) =>
    value === null || value === undefined ? NONE : spec.format(value);
  switch (spec.kind) {
    case "ranks":
      return {
        heads: [corner, spec.valueName, spec.noteName],
        lines: spec.rows.map(({ label, value, note }) => [label, text(value), note]),
      };
    case "heat":
      return {
        heads: [corner, ...spec.columns],
        lines: spec.rows.map((row, at) => [row, ...(spec.values[at] ?? []).map(text)]),
      };
    default:
      return {
        heads: [corner, ...spec.series.map(({ name }) => name)],
        lines: spec.labels.map((label, at) => [
          label,
          ...spec.series.map(({ values }) => text(values[at])),
        ]),
      };
  }
}
