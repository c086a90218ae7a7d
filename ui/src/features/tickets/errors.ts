import type { TFunction } from "i18next";
import { errorText } from "@/i18n/words";
import { RpcError } from "@/platform";

/** Why something was not done to a ticket. What others say of conversations is said of tickets here. */
export function ticketError(t: TFunction, error: unknown): string {
  const { code } = RpcError.from(error);
  switch (code) {
    case "held_by_other":
    case "illegal_state":
    case "too_large":
    case "empty":
    case "changed_meanwhile":
      return t(`ticket.error.${code}`);
    default:
      return errorText(t, error);
  }
}
