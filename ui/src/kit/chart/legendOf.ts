import type { Spec } from "./spec";
import type { ChartTokens } from "./tokens";

/** Which colour is what in a chart, for where it is drawn without the page. */
export function legendOf(spec: Spec, tokens: ChartTokens): { name: string; colour: string }[] {
  if (spec.kind === "ranks" || spec.kind === "heat") return [];
  const colours = { first: tokens.first, second: tokens.second, third: tokens.third };
  const items = spec.series.map(({ name, look }) => ({
    name,
    colour: look === "before" ? tokens.second : colours[look],
  }));
  if (spec.limit) items.push({ name: spec.limit.name, colour: tokens.limit });
  return items;
}
