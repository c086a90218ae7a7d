import type { TicketId } from "@/ipc/generated/TicketId";
import { type Tone, toast } from "@/kit/Notice";
import { type Undo, useDesk } from "./store";

type Said = {
  tone: Tone;
  text: string;
  /** What the words that take it back are. */
  label: string;
  /** The tickets that it was done to. */
  ids: readonly TicketId[];
  back: () => void;
};

/** Says what was done; by the words beside it, or by the key while they stand, it is taken back once. */
export function saidUndoable({ tone, text, label, ids, back }: Said): void {
  const undo: Undo = {
    ids,
    run: () => {
      away();
      back();
    },
  };
  useDesk.setState({ undo });
  const away = toast(tone, text, {
    label,
    run: undo.run,
    onGone: () => useDesk.setState((desk) => (desk.undo === undo ? { undo: null } : desk)),
  });
}
