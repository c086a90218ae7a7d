import type { StoreApi, UseBoundStore } from "zustand";

const forgets = new Set<() => void>();

/** Has something forgotten when another agent comes to this window: it was the one before's alone. */
export const onNextAgent = (forget: () => void): void => void forgets.add(forget);

/** A store of what one agent wrote, chose or looked at: the next one finds it as it was at first. */
export function ofAgent<T>(store: UseBoundStore<StoreApi<T>>): UseBoundStore<StoreApi<T>> {
  onNextAgent(() => store.setState(store.getInitialState(), true));
  return store;
}

/** Another agent has come. A lock, or the same one's coming back, leaves everything where it was. */
export function forgetAgent(): void {
  for (const forget of forgets) forget();
}
