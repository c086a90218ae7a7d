import type { InboxFilter } from "@/ipc/generated/InboxFilter";

export const NO_FILTER: InboxFilter = {
  priorities: [],
  tags: [],
  category: null,
  channel: null,
  group: null,
  unread: false,
  mentioned: false,
};

/** How many conditions a filter has. */
export const nConditions = (filter: InboxFilter): number =>
  filter.priorities.length +
  filter.tags.length +
  [filter.category, filter.channel, filter.group].filter((each) => each !== null).length +
  Number(filter.unread) +
  Number(filter.mentioned);

/** Adds a member to a list, or takes it out. */
export const toggled = <T>(list: readonly T[], member: T): T[] =>
  list.includes(member) ? list.filter((each) => each !== member) : [...list, member];
