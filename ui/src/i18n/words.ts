import type { TFunction } from "i18next";
import type { Code } from "@/ipc/generated/Code";
import { RpcError } from "@/platform";

/** What happened, what was kept and what to do, by code. */
export function errorText(t: TFunction, error: unknown): string {
  const { code, traceId } = RpcError.from(error);
  const text = t(`error.${code}`);
  return code === "internal" && traceId !== ""
    ? `${text}（${t("error.trace", { id: traceId })}）`
    : text;
}

/** Why a reply was refused, in a few words. */
export function refusedText(t: TFunction, code: Code): string {
  switch (code) {
    case "stale_reply":
    case "after_refused":
    case "held_by_other":
    case "too_large":
    case "file_type":
    case "file_damaged":
    case "uploads_full":
    case "forbidden":
    case "illegal_state":
    case "not_found":
    case "changed_meanwhile":
    case "merged_meanwhile":
    case "taken_up":
    case "not_resolved":
    case "already_picked":
      return t(`error.short.${code}`);
    default:
      return t("error.short.other");
  }
}
