import { useEffect, useRef } from "react";
import { create } from "zustand";
import { ACTIONS, type ActionId, shippedKeys } from "./actions";
import { chordOf, matches, shown, takesText } from "./match";

export { ACTIONS, type ActionId, PLACES, shippedKeys } from "./actions";
export { isReserved } from "./match";

/** Keys that the agent changed, by action; an empty one takes the key away. */
const useChanged = create<{ keys: Record<string, string> }>(() => ({ keys: {} }));

/** Takes over the keys that the agent changed. */
export const setKeys = (keys: Record<string, string>): void => useChanged.setState({ keys });

/** The key of an action, as stored. */
const keysOf = (id: ActionId): string => useChanged.getState().keys[id] ?? shippedKeys(id);

/** The action that has a key under some changes of the agent. */
export const ownerOf = (
  chord: string,
  changed: Readonly<Record<string, string>>,
): ActionId | undefined =>
  chord === "" ? undefined : ACTIONS.find(({ id, keys }) => (changed[id] ?? keys) === chord)?.id;

type Registry = {
  /** What can be done where the agent stands now. */
  handlers: Partial<Record<ActionId, () => void>>;
  put: (id: ActionId, handler: () => void) => void;
  drop: (id: ActionId, handler: () => void) => void;
};

export const useActions = create<Registry>((set) => ({
  handlers: {},
  put: (id, handler) => set(({ handlers }) => ({ handlers: { ...handlers, [id]: handler } })),
  drop: (id, handler) =>
    set(({ handlers }) => {
      if (handlers[id] !== handler) return { handlers };
      const { [id]: _, ...rest } = handlers;
      return { handlers: rest };
    }),
}));

const isMac = (): boolean => /mac/i.test(navigator.platform);

/** The chord of a key press, as stored; none where it cannot be one. */
export const pressedChord = (event: Parameters<typeof chordOf>[0]): string | null =>
  chordOf(event, isMac());

/** A stored chord as shown on this platform. */
export const chordText = (chord: string): string => shown(chord, isMac());

/** An action's key as shown on this platform. */
export const keyText = (id: ActionId): string => shown(keysOf(id), isMac());

/** Does an action, if it can be done here. */
export const run = (id: ActionId): void => useActions.getState().handlers[id]?.();

/** Offers an action while the component is there and `enabled`; later ones win. */
export function useAction(id: ActionId, handler: () => void, enabled = true): void {
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => {
    if (!enabled) return;
    const current = () => latest.current();
    useActions.getState().put(id, current);
    return () => useActions.getState().drop(id, current);
  }, [id, enabled]);
}

/** Listens for keys; once per window. While a dialog is open only its own keys work. */
export function useHotkeys(paused: boolean): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const { handlers } = useActions.getState();
      const action = ACTIONS.find(({ id }) => matches(event, keysOf(id), isMac()));
      if (!action || (paused && action.id !== "palette")) return;
      if (keysOf(action.id) === "?" && takesText(event.target)) return;
      const handler = handlers[action.id];
      if (!handler) return;
      event.preventDefault();
      if (event.repeat && "once" in action) return;
      handler();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [paused]);
}
