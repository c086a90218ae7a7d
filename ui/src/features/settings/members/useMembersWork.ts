import { useQueryClient } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import type { MembersView } from "@/ipc/generated/MembersView";
import { keys } from "@/ipc/keys";
import { type Failure, useWork } from "../safekeeping/useWork";

const textOf = (t: TFunction, { code, text }: Failure): string => {
  switch (code) {
    case "illegal_state":
      return t("members.illegal");
    case "changed_meanwhile":
      return t("members.changed");
    default:
      return text;
  }
};

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
  const text = failure && textOf(t, failure);
  const isTaken = failure?.code === "taken";
  return {
    busy,
    run,
    show,
    taken: isTaken ? t("members.taken") : undefined,
    trouble: isTaken ? undefined : text,
  };
}
