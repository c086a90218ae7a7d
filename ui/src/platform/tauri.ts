import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { UiEvent } from "@/ipc/generated/UiEvent";
import { type Platform, RpcError } from "./platform";

/** The desktop shell: one command, one event. */
export const tauri: Platform = {
  async rpc(name, args) {
    try {
      return await invoke("rpc", { command: { name, args } });
    } catch (error) {
      throw RpcError.from(error);
    }
  },
  async subscribe(onEvent) {
    await listen<UiEvent>("lingtai:event", ({ payload }) => onEvent(payload));
  },
};
