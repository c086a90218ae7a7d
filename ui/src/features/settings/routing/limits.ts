import type { ChannelCapacity } from "@/ipc/generated/ChannelCapacity";
import type { ChannelKind } from "@/ipc/generated/ChannelKind";
import type { Inbox } from "@/ipc/generated/Inbox";

/** Most conversations that anybody holds. */
export const MOST = 1_000;

/** The channels that there are limits for: those of the sources, and those that have one already. */
export function channels(
  inboxes: readonly Inbox[],
  ...limits: readonly (readonly ChannelCapacity[])[]
): ChannelKind[] {
  const kinds = [
    ...inboxes.map(({ kind }) => kind),
    ...limits.flatMap((each) => each.map(({ channel }) => channel)),
  ];
  return [...new Set(kinds)];
}

/** Limits as they are typed: one text a channel, empty for none. */
export type Typed = Partial<Record<ChannelKind, string>>;

export const typed = (limits: readonly ChannelCapacity[]): Typed =>
  Object.fromEntries(limits.map(({ channel, limit }) => [channel, String(limit)]));

export const isLimit = (text: string, most: number): boolean =>
  /^\d{1,4}$/.test(text.trim()) && Number(text) <= most;

/** Reads what was typed. Null when a limit is none, or beyond `most`. */
export function readLimits(fields: Typed, most = MOST): ChannelCapacity[] | null {
  const filled = Object.entries(fields).filter(([, text]) => text.trim() !== "");
  if (!filled.every(([, text]) => isLimit(text, most))) return null;
  return (Object.keys(fields) as ChannelKind[])
    .filter((channel) => (fields[channel] ?? "").trim() !== "")
    .map((channel) => ({ channel, limit: Number(fields[channel]) }));
}
