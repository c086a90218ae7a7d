import type { IconName } from "@/kit/Icon";

/** Places whose keys are listed together. */
export const PLACES = [
  "everywhere",
  "inbox",
  "conversation",
  "assist",
  "knowledge",
  "tickets",
  "desk",
] as const;
type Place = (typeof PLACES)[number];

type Action = { id: string; keys: string; place: Place; icon: IconName };

/**
 * Everything that can be done, with its key. `mod` is Ctrl, and ⌘ on macOS. Digits and letters are
 * matched by their place on the keyboard, so that Alt and Shift do not change them.
 */
export const ACTIONS = [
  { id: "palette", keys: "mod+K", place: "everywhere", icon: "search" },
  { id: "searchAll", keys: "mod+Shift+F", place: "everywhere", icon: "search" },
  { id: "keys", keys: "?", place: "everywhere", icon: "keyb" },
  { id: "outbox", keys: "Alt+O", place: "everywhere", icon: "sync" },
  { id: "inbox", keys: "Alt+I", place: "everywhere", icon: "inbox" },
  { id: "settings", keys: "mod+,", place: "everywhere", icon: "gear" },
  { id: "takeNext", keys: "mod+J", place: "inbox", icon: "arrow" },
  { id: "next", keys: "Alt+ArrowDown", place: "inbox", icon: "down" },
  { id: "previous", keys: "Alt+ArrowUp", place: "inbox", icon: "down" },
  { id: "scopeMine", keys: "Alt+1", place: "inbox", icon: "list" },
  { id: "scopeQueue", keys: "Alt+2", place: "inbox", icon: "list" },
  { id: "scopeAll", keys: "Alt+3", place: "inbox", icon: "list" },
  { id: "scopeSnoozed", keys: "Alt+4", place: "inbox", icon: "list" },
  { id: "sort", keys: "Alt+S", place: "inbox", icon: "sort" },
  { id: "list", keys: "Alt+Q", place: "inbox", icon: "list" },
  { id: "claim", keys: "Alt+C", place: "conversation", icon: "check" },
  { id: "resolve", keys: "mod+D", place: "conversation", icon: "check" },
  { id: "reply", keys: "Alt+R", place: "conversation", icon: "undo" },
  { id: "priority", keys: "Alt+P", place: "conversation", icon: "flag" },
  { id: "category", keys: "Alt+L", place: "conversation", icon: "list" },
  { id: "tag", keys: "Alt+T", place: "conversation", icon: "note" },
  { id: "summary", keys: "Alt+M", place: "conversation", icon: "note" },
  { id: "undoEdit", keys: "Alt+Z", place: "conversation", icon: "undo" },
  { id: "find", keys: "mod+F", place: "conversation", icon: "search" },
  { id: "faqSearch", keys: "Alt+F", place: "assist", icon: "book" },
  { id: "assist", keys: "Alt+A", place: "assist", icon: "info" },
  { id: "why", keys: "Alt+W", place: "assist", icon: "info" },
  { id: "thumbUp", keys: "Alt+U", place: "assist", icon: "like" },
  { id: "thumbDown", keys: "Alt+Shift+U", place: "assist", icon: "dislike" },
  { id: "answerUp", keys: "Alt+B", place: "conversation", icon: "like" },
  { id: "answerDown", keys: "Alt+Shift+B", place: "conversation", icon: "dislike" },
  { id: "insert1", keys: "mod+1", place: "assist", icon: "arrow" },
  { id: "insert2", keys: "mod+2", place: "assist", icon: "arrow" },
  { id: "insert3", keys: "mod+3", place: "assist", icon: "arrow" },
  { id: "insert4", keys: "mod+4", place: "assist", icon: "arrow" },
  { id: "insert5", keys: "mod+5", place: "assist", icon: "arrow" },
  { id: "send1", keys: "mod+Shift+1", place: "assist", icon: "check" },
  { id: "send2", keys: "mod+Shift+2", place: "assist", icon: "check" },
  { id: "send3", keys: "mod+Shift+3", place: "assist", icon: "check" },
  { id: "send4", keys: "mod+Shift+4", place: "assist", icon: "check" },
  { id: "send5", keys: "mod+Shift+5", place: "assist", icon: "check" },
  { id: "knowledge", keys: "Alt+K", place: "knowledge", icon: "book" },
  { id: "health", keys: "Alt+H", place: "knowledge", icon: "check2" },
  { id: "healthRun", keys: "Alt+Shift+H", place: "knowledge", icon: "sync" },
  { id: "engine", keys: "Alt+G", place: "knowledge", icon: "bot" },
  { id: "engineSave", keys: "mod+S", place: "knowledge", icon: "check" },
  { id: "tickets", keys: "Alt+Shift+T", place: "tickets", icon: "ticket" },
  { id: "ticketNew", keys: "Alt+N", place: "tickets", icon: "plus" },
  { id: "ticketClaim", keys: "Alt+Shift+C", place: "tickets", icon: "check" },
  { id: "ticketMove", keys: "Alt+Shift+M", place: "tickets", icon: "arrow" },
  { id: "ticketTransfer", keys: "Alt+Shift+X", place: "tickets", icon: "swap" },
  { id: "ticketReturn", keys: "Alt+Shift+R", place: "tickets", icon: "undo" },
  { id: "ticketAssign", keys: "Alt+Shift+A", place: "tickets", icon: "user" },
  { id: "ticketNote", keys: "Alt+Shift+N", place: "tickets", icon: "note" },
  { id: "ticketMerge", keys: "Alt+Shift+G", place: "tickets", icon: "link" },
  { id: "ticketVerify", keys: "Alt+Shift+V", place: "tickets", icon: "check2" },
  { id: "ticketView", keys: "Alt+V", place: "tickets", icon: "board" },
  { id: "ticketFind", keys: "Alt+Shift+I", place: "tickets", icon: "search" },
  { id: "ticketExport", keys: "Alt+Shift+O", place: "tickets", icon: "download" },
  { id: "presenceOnline", keys: "Alt+Shift+1", place: "desk", icon: "user" },
  { id: "presenceBusy", keys: "Alt+Shift+2", place: "desk", icon: "user" },
  { id: "presenceAway", keys: "Alt+Shift+3", place: "desk", icon: "user" },
  { id: "presenceTransfer", keys: "Alt+Shift+4", place: "desk", icon: "user" },
  { id: "presenceOffline", keys: "Alt+Shift+5", place: "desk", icon: "user" },
  { id: "themeSystem", keys: "Alt+Shift+S", place: "desk", icon: "eye" },
  { id: "themeLight", keys: "Alt+Shift+L", place: "desk", icon: "eye" },
  { id: "themeDark", keys: "Alt+Shift+D", place: "desk", icon: "eye" },
  { id: "language", keys: "Alt+Shift+E", place: "desk", icon: "globe" },
  { id: "signOut", keys: "Alt+Shift+Q", place: "desk", icon: "lock" },
] as const satisfies readonly Action[];

/** The closed set of actions. */
export type ActionId = (typeof ACTIONS)[number]["id"];

/** The key of an action, as stored. */
export const keysOf = (id: ActionId): string =>
  ACTIONS.find((action) => action.id === id)?.keys ?? "";
