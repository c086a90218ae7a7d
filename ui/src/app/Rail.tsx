import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { useAlerts } from "@/ipc/alerts";
import { useInbox, useMe } from "@/ipc/queries";
import { noFilter, useTicketList } from "@/ipc/tickets";
import { cx } from "@/kit/cx";
import { Icon, type IconName } from "@/kit/Icon";
import { Badge } from "@/kit/Marks";
import { type Room, useRoutes } from "@/routes";
import css from "./Rail.module.css";

const ROOMS: readonly { id: Room; icon: IconName; end: boolean }[] = [
  { id: "inbox", icon: "inbox", end: false },
  { id: "live", icon: "eye", end: false },
  { id: "tickets", icon: "ticket", end: false },
  { id: "knowledge", icon: "book", end: false },
  { id: "metrics", icon: "chart", end: false },
  { id: "quality", icon: "quality", end: false },
  { id: "settings", icon: "gear", end: true },
];

const MINE = noFilter({ scope: { kind: "mine" } });

/** The rooms that there are. */
export const Rail: FC = () => {
  const { t } = useTranslation();
  const { room, go } = useRoutes();
  const { data } = useInbox({ scope: "mine", sort: "waiting" });
  const role = useMe()?.role;
  const supervises = role === "team_lead" || role === "admin";
  const firing = useAlerts("open", supervises).data?.n_firing ?? 0;
  const unread = data?.counts.unread ?? 0;
  const tickets = useTicketList(MINE, 1).data?.counts.mine ?? 0;
  return (
    <nav className={css.rail} aria-label={t("app.rooms")}>
      <span className={css.logo}>
        <Icon name="logo" size={22} />
      </span>
      {ROOMS.filter(({ id }) => (id !== "live" && id !== "metrics") || supervises).map(
        ({ id, icon, end }) => (
          <button
            key={id}
            type="button"
            className={cx(css.item, end && css.end)}
            aria-label={t(`room.${id}`)}
            aria-current={
              room === id || (id === "metrics" && room === "alerts") ? "page" : undefined
            }
            onClick={() => go(id)}
            data-testid={`room-${id}`}
          >
            <Icon name={icon} size={20} />
            {id === "inbox" && unread > 0 && (
              <Badge count={unread} label={t("room.unread", { n: unread })} className={css.badge} />
            )}
            {id === "tickets" && tickets > 0 && (
              <Badge
                count={tickets}
                label={t("room.ticketsWait", { n: tickets })}
                className={css.badge}
              />
            )}
            {id === "metrics" && firing > 0 && (
              <Badge
                count={firing}
                tone="danger"
                label={t("room.alertsFire", { n: firing })}
                className={css.badge}
              />
            )}
            <span className={css.tip} aria-hidden="true">
              {t(`room.${id}`)}
            </span>
          </button>
        ),
      )}
    </nav>
  );
};
