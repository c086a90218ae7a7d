import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import type { InboxFilter } from "@/ipc/generated/InboxFilter";
import type { SavedView } from "@/ipc/generated/SavedView";
import { useChangeSettings, useSettings } from "@/ipc/queries";
import { toast } from "@/kit/Notice";
import { useRoutes } from "@/routes";
import { useDesk } from "../store";
import { NO_FILTER, nConditions, withView } from "./filter";

/** The filter of the list, and the views that the agent saved. */
export function useFilter() {
  const { t } = useTranslation();
  const { scope, setScope } = useRoutes();
  const { sort, filter: set_, set } = useDesk();
  const filter = set_ ?? NO_FILTER;
  const views = useSettings().data?.views ?? [];
  const send = useChangeSettings();
  const keep = (next: SavedView[], done: string) =>
    void send({ views: next }).then(
      () => toast("success", done),
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
      keep(withView(views, { name, scope, sort, filter }), t("filter.saved", { name })),
    drop: (name: string) =>
      keep(
        views.filter((view) => view.name !== name),
        t("filter.dropped", { name }),
      ),
  };
}
