import { http } from "./http";
import type { Platform } from "./platform";
import { tauri } from "./tauri";

export { CODES, type Platform, RpcError } from "./platform";

let current: Platform | undefined;

/** The program around this window. */
export function platform(): Platform {
  current ??= "__TAURI_INTERNALS__" in window ? tauri : http;
  return current;
}

/** Puts another platform in its place, before anything is asked: tests and the fixture do. */
export function setPlatform(other: Platform): void {
  current = other;
}
