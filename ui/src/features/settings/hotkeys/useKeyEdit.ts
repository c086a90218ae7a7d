import { useTranslation } from "react-i18next";
import { type ActionId, ownerOf, shippedKeys } from "@/hotkeys";
import { errorText } from "@/i18n/words";
import { useChangeSettings, useSettings } from "@/ipc/queries";
import { toast } from "@/kit/Notice";

type Keys = Record<string, string>;

/** The agent's keys, and how to change them. Only what differs from the shipped ones is kept. */
export function useKeyEdit() {
  const { t } = useTranslation();
  const changed: Keys = useSettings().data?.keys ?? {};
  const send = useChangeSettings();
  const save = (keys: Keys) => {
    const differing = Object.entries(keys).filter(([id, chord]) => shippedKeys(id) !== chord);
    void send({ keys: Object.fromEntries(differing) }).catch((error: unknown) =>
      toast("danger", errorText(t, error)),
    );
  };
  const reset = (id: ActionId) => {
    const { [id]: _, ...rest } = changed;
    const holder = ownerOf(shippedKeys(id), rest);
    // Whoever took the key gives it back.
    save(holder && holder !== id ? { ...rest, [holder]: "" } : rest);
  };
  return {
    keysOf: (id: ActionId) => changed[id] ?? shippedKeys(id),
    ownerOf: (chord: string) => ownerOf(chord, changed),
    isChanged: (id: ActionId) => changed[id] !== undefined,
    nChanged: Object.keys(changed).length,
    change: (id: ActionId, chord: string) => save({ ...changed, [id]: chord }),
    /** Takes a key from the action that has it. */
    take: (id: ActionId, chord: string, from: ActionId) =>
      save({ ...changed, [from]: "", [id]: chord }),
    reset,
    resetAll: () => save({}),
  };
}
