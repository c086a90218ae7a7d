import type { QaMonthsView } from "@/ipc/generated/QaMonthsView";
import type { QaSum } from "@/ipc/generated/QaSum";
import type { LinesSpec } from "@/kit/chart/spec";

const points = ({ mean_tenths }: QaSum): number | null =>
  mean_tenths === null ? null : mean_tenths / 10;

/** The mean scores as lines: everybody's, and those of an agent who is looked at. */
export function linesOf(view: QaMonthsView, everybody: string, chosen: string | null): LinesSpec {
  const agent = view.agents.find((row) => row.agent === chosen);
  return {
    kind: "lines",
    labels: view.months,
    series: [
      { name: everybody, values: view.all.map(points), look: "first" },
      ...(agent
        ? [{ name: agent.name, values: agent.months.map(points), look: "second" as const }]
        : []),
    ],
    most: 100,
    format: (value) => value.toFixed(1),
  };
}
