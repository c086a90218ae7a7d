// Rules that waiting customers set off, for scripts that want alerts.
import { randomUUID } from "node:crypto";

/** A rule over the customers that wait, to be saved. */
export const waitingRule = (name, severity, limit) => ({
  id: randomUUID(),
  base: 0,
  draft: {
    name,
    enabled: true,
    measure: "waiting",
    group_id: null,
    condition: { kind: "above", limit, clear: limit },
    window_min: 1,
    min_count: 0,
    for_min: 0,
    severity,
    to: "everyone",
    by: [],
    escalation: [],
    quiet: null,
    rest_min: 0,
  },
});
