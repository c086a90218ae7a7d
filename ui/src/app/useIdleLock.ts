import { useEffect, useRef } from "react";
import { useSettings } from "@/ipc/queries";
import { useDesk } from "./useDesk";

const MINUTE_MS = 60_000;
/** How often it is looked at; the lock comes this much later at most. */
const LOOK_MS = 5_000;
const ACTS = ["pointerdown", "pointermove", "keydown", "wheel"] as const;

/** Locks the desk once nobody touches it for as long as the settings say. */
export function useIdleLock(): void {
  const minutes = useSettings().data?.idle_lock_minutes ?? 0;
  const { lockQuietly } = useDesk();
  const lock = useRef(lockQuietly);
  lock.current = lockQuietly;
  useEffect(() => {
    if (minutes === 0) return;
    let touched = Date.now();
    const touch = () => {
      touched = Date.now();
    };
    for (const act of ACTS) window.addEventListener(act, touch, { capture: true, passive: true });
    const look = setInterval(() => {
      if (Date.now() - touched < minutes * MINUTE_MS) return;
      touch();
      void lock.current();
    }, LOOK_MS);
    return () => {
      clearInterval(look);
      for (const act of ACTS) window.removeEventListener(act, touch, { capture: true });
    };
  }, [minutes]);
}
