import { type Tone, toast } from "@/kit/Notice";

/** What something was done to, by id, and what takes it back. */
export type Undo = { ids: readonly string[]; run: () => void };

/** Where a room keeps what was done in it last: a room's key takes back nothing of another one. */
type Room = {
  getState: () => { undo: Undo | null };
  setState: (change: { undo: Undo | null }) => void;
};

type Said = {
  tone: Tone;
  text: string;
  /** What the words that take it back are. */
  label: string;
  ids: readonly string[];
  back: () => void;
};

/** Says what was done; by the words beside it, or by the key while they stand, it is taken back once. */
export function saidUndoable(room: Room, { tone, text, label, ids, back }: Said): void {
  const undo: Undo = {
    ids,
    run: () => {
      away();
      back();
    },
  };
  room.setState({ undo });
  const away = toast(tone, text, {
    label,
    run: undo.run,
    onGone: () => {
      if (room.getState().undo === undo) room.setState({ undo: null });
    },
  });
}

/** Says what was done for good. What was done before it is no longer what the key would be pressed for. */
export function saidFinal(room: Room, tone: Tone, text: string): void {
  room.setState({ undo: null });
  toast(tone, text);
}
