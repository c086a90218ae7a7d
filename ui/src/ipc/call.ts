import { platform } from "@/platform";
import type { CommandName, Commands } from "./generated/Commands";

/** Asks for a command by name; request and response come from the generated map. */
export function call<K extends CommandName>(
  name: K,
  args: Commands[K]["request"],
): Promise<Commands[K]["response"]> {
  return platform().rpc(name, args);
}
