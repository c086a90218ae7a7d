import type { Code } from "@/ipc/generated/Code";
import type { CommandName, Commands } from "@/ipc/generated/Commands";
import type { UiEvent } from "@/ipc/generated/UiEvent";

/** What a window needs from the program around it. */
export type Platform = {
  /** Asks for a command; rejects with an `RpcError`. */
  rpc<K extends CommandName>(
    name: K,
    args: Commands[K]["request"],
  ): Promise<Commands[K]["response"]>;
  /**
   * Hears every event from now on. `onGap` is called when events may have been missed, so that
   * everything cached is asked for again. Answers once it listens.
   */
  subscribe(onEvent: (event: UiEvent) => void, onGap: () => void): Promise<void>;
};

/** A command that was refused or failed. Act on `code`; `message` is for developers. */
export class RpcError extends Error {
  readonly code: Code;
  readonly retry: boolean;
  readonly traceId: string;

  constructor(code: Code, message: string, retry: boolean, traceId: string) {
    super(message);
    this.name = "RpcError";
    this.code = code;
    this.retry = retry;
    this.traceId = traceId;
  }

  /** Reads what came over the wire; whatever is not a `WireError` is an internal fault. */
  static from(value: unknown): RpcError {
    if (value instanceof RpcError) return value;
    if (
      typeof value === "object" &&
      value !== null &&
      "code" in value &&
      typeof value.code === "string"
    ) {
      const code = CODES.find((known) => known === value.code) ?? "internal";
      const message = "message" in value && typeof value.message === "string" ? value.message : "";
      const trace = "trace_id" in value && typeof value.trace_id === "string" ? value.trace_id : "";
      return new RpcError(code, message, "retry" in value && value.retry === true, trace);
    }
    return new RpcError(
      "internal",
      value instanceof Error ? value.message : String(value),
      false,
      "",
    );
  }
}

const KNOWN: Record<Code, true> = {
  bad_request: true,
  too_large: true,
  empty: true,
  file_type: true,
  file_damaged: true,
  uploads_full: true,
  signed_out: true,
  lease_ended: true,
  wrong_password: true,
  wrong_passphrase: true,
  forbidden: true,
  not_found: true,
  held_by_other: true,
  stale_reply: true,
  after_refused: true,
  illegal_state: true,
  setup_code: true,
  taken: true,
  changed_meanwhile: true,
  merged_meanwhile: true,
  taken_up: true,
  not_resolved: true,
  already_picked: true,
  fields_missing: true,
  slow_down: true,
  offline: true,
  untrusted: true,
  upgrade_required: true,
  locked: true,
  needs_passphrase: true,
  no_share: true,
  store_damaged: true,
  bad_backup: true,
  unsent: true,
  in_use: true,
  storage: true,
  internal: true,
};

/** Every error code. */
export const CODES = Object.keys(KNOWN).filter((code): code is Code => code in KNOWN);
