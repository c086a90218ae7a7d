import type { Data, Handlers } from "./fixture";
import { RpcError } from "./platform";

type Names = Extract<keyof Handlers, `view.${string}` | `ticket_view.${string}`>;

/** Development and tests only: views that an agent keeps by name. */
export function viewHandlers(data: Data): Pick<Handlers, Names> {
  return {
    "view.list": () => ({ views: data.views }),
    "view.save": (view) => {
      data.views = [...data.views.filter(({ name }) => name !== view.name), view];
      return { views: data.views };
    },
    "view.drop": ({ name }) => {
      data.views = data.views.filter((view) => view.name !== name);
      return { views: data.views };
    },
    "ticket_view.list": () => ({ views: data.ticketViews }),
    "ticket_view.save": ({ view, was }) => {
      const has = (name: string) => data.ticketViews.some((each) => each.name === name);
      if (/\d{11}/.test(view.name + view.filter.query))
        throw new RpcError("bad_request", "", false, "");
      if (was !== null && was !== view.name && has(view.name))
        throw new RpcError("taken", "", false, "");
      const replaced = was ?? view.name;
      data.ticketViews = has(replaced)
        ? data.ticketViews.map((each) => (each.name === replaced ? view : each))
        : [...data.ticketViews, view];
      return { views: data.ticketViews };
    },
    "ticket_view.drop": ({ name }) => {
      data.ticketViews = data.ticketViews.filter((view) => view.name !== name);
      return { views: data.ticketViews };
    },
  };
}
