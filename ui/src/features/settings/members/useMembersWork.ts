import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { MembersView } from "@/ipc/generated/MembersView";
import { keys } from "@/ipc/keys";
import { useWork } from "../safekeeping/useWork";

/** One change at a time. What the server answers is shown at once; what went wrong, where it was asked. */
export function useMembersWork() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { busy, failure, run } = useWork();
  const show = async (all: MembersView): Promise<void> => {
    // A look that is under way is from before the change.
    await client.cancelQueries({ queryKey: keys.members });
    client.setQueryData(keys.members, all);
  };
  const text = failure && (failure.code === "illegal_state" ? t("members.illegal") : failure.text);
  const isTaken = failure?.code === "taken";
  return {
    busy,
    run,
    show,
    taken: isTaken ? t("members.taken") : undefined,
    trouble: isTaken ? undefined : text,
  };
}
