const PREFIX = "lingtai1.";

/** The address inside an enrolment code, or the address itself, without its scheme; as typed where it cannot be read. */
export function shownServer(typed: string): { host: string; byCode: boolean } {
  const text = typed.trim();
  if (!text.startsWith(PREFIX))
    return { host: text.replace(/^https?:\/\//, "").replace(/\/+$/, ""), byCode: false };
  try {
    const json: unknown = JSON.parse(
      atob(text.slice(PREFIX.length).replaceAll("-", "+").replaceAll("_", "/")),
    );
    const url =
      typeof json === "object" && json !== null && "u" in json && typeof json.u === "string"
        ? json.u
        : "";
    return { host: url.replace(/^https?:\/\//, "") || PREFIX, byCode: true };
  } catch {
    return { host: `${text.slice(0, 24)}…`, byCode: true };
  }
}
