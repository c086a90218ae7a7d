
export type Metric = "volume" | "auto_response" | "coverage" | "failure" | "first_response_p50" | "first_response_p90" | "handling" | "first_contact" | "satisfaction" | "backlog" | "queue" | "sla_breach";
