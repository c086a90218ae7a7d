import type { SlaSegment } from "@/ipc/generated/SlaSegment";
import type { TicketSlaView } from "@/ipc/generated/TicketSlaView";
import type { Segment } from "@/kit/SegmentBar";

/** A stretch of the time of a promise, as it is told: `counted` ms of business time by its end. */
export type Stretch = {
  key: string;
  tone: Segment["tone"];
  what: SlaSegment["what"] | { kind: "rest" };
  from: number;
  to: number;
  length: number;
};
type Sla = Pick<TicketSlaView, "segments" | "target_ms" | "used_ms">;

/** The part of a promise up to which nights and pauses are drawn in full. */
const DRAWN = 0.15;

/** Stretch by stretch: what counted, what did not, what was too much, and what is left. */
export function stretches({ segments, target_ms, used_ms }: Sla): Stretch[] {
  const out: Stretch[] = [];
  let counted = 0;
  const put = (tone: Stretch["tone"], what: Stretch["what"], from: number, to: number) => {
    if (to > from) out.push({ key: `${from}-${tone}`, tone, what, from, to, length: to - from });
  };
  for (const { what, from, to } of segments) {
    if (what.kind !== "running") {
      put(what.kind === "paused" ? "paused" : "closed", what, from, to);
      continue;
    }
    const kept = Math.min(to - from, Math.max(0, target_ms - counted));
    put("counted", what, from, from + kept);
    put("over", what, from + kept, to);
    counted += to - from;
  }
  const left = target_ms - used_ms;
  const end = segments.at(-1)?.to ?? 0;
  // What was not needed is drawn too: a promise that was kept at once looks like it.
  if (left > 0) put("left", { kind: "rest" }, end, end + left);
  return out;
}

/** The same as lengths to draw: a night does not make the minutes that count too small to see. */
export const drawn = (all: readonly Stretch[], target_ms: number) =>
  all.map(({ tone, length }) =>
    tone === "closed" || tone === "paused" ? Math.min(length, target_ms * DRAWN) : length,
  );
