import { useInboxRows } from "@/ipc/queries";
import { useRoutes } from "@/routes";
import { useDesk } from "../store";

const TOP = { from: 0, to: 0 };

/** The rows of the list as it stands: those in sight are there, the others are holes. */
export const useRows = () => {
  const scope = useRoutes((routes) => routes.scope);
  const { sort, range, filter } = useDesk();
  const list = `${scope}-${sort}-${filter ? JSON.stringify(filter) : ""}`;
  const place = { scope, sort, ...(filter && { filter }) };
  // What was in sight of another list says nothing of this one.
  return { list, data: useInboxRows(place, range.list === list ? range : TOP) };
};
