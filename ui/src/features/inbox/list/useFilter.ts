import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { InboxFilter } from "@/ipc/generated/InboxFilter";
import type { SavedView } from "@/ipc/generated/SavedView";
import type { ViewsView } from "@/ipc/generated/ViewsView";
import { keys } from "@/ipc/keys";
import { useViews } from "@/ipc/queries";
import { toast } from "@/kit/Notice";
import { useRoutes } from "@/routes";
import { useDesk } from "../store";
import { NO_FILTER, nConditions } from "./filter";

/** The filter of the list, and the views that the agent saved. */
export function useFilter() {
  const { t } = useTranslation();
  const { scope, setScope } = useRoutes();
  const { sort, filter: set_, set } = useDesk();
  const filter = set_ ?? NO_FILTER;
  const client = useQueryClient();
  const views = useViews().data?.views ?? [];
  const keep = (sent: Promise<ViewsView>, done: string) =>
    void sent.then(
      (next) => {
        client.setQueryData(keys.views, next);
        toast("success", done);
      },
      (error: unknown) => toast("danger", errorText(t, error)),
    );
  const change = (part: Partial<InboxFilter>) => {
    const next = { ...filter, ...part };
    set({ filter: nConditions(next) === 0 ? null : next });
  };
  return {
    filter,
    n: nConditions(filter),
    views,
    change,
    clear: () => set({ filter: null }),
    show: (view: SavedView) => {
      setScope(view.scope);
      set({ sort: view.sort, filter: nConditions(view.filter) === 0 ? null : view.filter });
    },
    save: (name: string) =>
      keep(call("view.save", { name, scope, sort, filter }), t("filter.saved", { name })),
    drop: (name: string) => keep(call("view.drop", { name }), t("filter.dropped", { name })),
  };
}
