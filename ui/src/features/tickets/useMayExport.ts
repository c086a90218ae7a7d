import { useMe } from "@/ipc/queries";

/** Whether this role may write tickets into a file; the program asks again. */
export function useMayExport(): boolean {
  const role = useMe()?.role;
  return role === "team_lead" || role === "admin";
}
