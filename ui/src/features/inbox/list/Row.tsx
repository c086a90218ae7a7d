import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { ConversationRow } from "@/ipc/generated/ConversationRow";
import type { StandingOffer } from "@/ipc/generated/StandingOffer";
import { cx } from "@/kit/cx";
import { Icon } from "@/kit/Icon";
import { Badge, Flag } from "@/kit/Marks";
import { useNow } from "@/lib/now";
import { span } from "@/lib/time";
import { ChannelAvatar, useName } from "@/parts/Person";
import { WaitClock } from "@/parts/WaitClock";
import css from "./Row.module.css";

const IMAGES: readonly string[] = ["png", "jpeg", "gif", "webp"];
const fileWord = (kind: string) => (IMAGES.includes(kind) ? "file.image" : "file.file");

/** To whom it is offered, and how long that stands; gone by itself when its time is over. */
const Offered: FC<{ offer: StandingOffer }> = ({ offer }) => {
  const { t } = useTranslation();
  const now = useNow();
  const left = span(offer.expires_at - now);
  if (offer.expires_at <= now || left.unit !== "clock") return null;
  const { name } = offer;
  return (
    <span className={offer.is_me ? css.pending : css.offered} data-testid="offer-mark">
      <Icon name="clock" size={12} />
      {offer.is_me ? t("list.offeredMe") : t("list.offeredTo", { name })}
      <span className="num">{left.text}</span>
    </span>
  );
};

/** One conversation of the list. */
export const Row: FC<{ row: ConversationRow; chosen?: boolean }> = ({ row, chosen }) => {
  const { t } = useTranslation();
  const name = useName();
  const by =
    row.last_author === "me"
      ? t("list.you")
      : row.last_author === "bot"
        ? t("list.bot")
        : row.last_author === "colleague"
          ? t("list.colleague")
          : "";
  return (
    <>
      {chosen === undefined ? (
        <ChannelAvatar row={row} />
      ) : (
        <span className={cx(css.tick, chosen && css.ticked)} data-testid="tick">
          {chosen && <Icon name="check" size={14} />}
        </span>
      )}
      <span className={css.text}>
        <span className={css.line}>
          <span className={css.name}>{name(row)}</span>
          {row.name === "" && <span className={css.number}>{row.number}</span>}
          <Flag level={row.priority} label={t(`priority.${row.priority}`)} />
          <WaitClock row={row} className={css.clock} />
        </span>
        <span className={css.line}>
          <span className={css.last}>
            {by}
            {row.last_file && `[${t(fileWord(row.last_file))}] `}
            {row.last_text}
          </span>
          {row.offer && <Offered offer={row.offer} />}
          {(row.mentions ?? 0) > 0 && (
            <span className={css.pending} data-testid="mention-mark">
              @{t("list.mentioned")}
            </span>
          )}
          {row.conflict && (
            <span className={css.pending} data-testid="conflict-mark">
              <Icon name="swap" size={12} />
              {t("list.conflict")}
            </span>
          )}
          {row.pending && (
            <span className={css.pending} data-testid="pending-mark">
              <Icon name="clock" size={12} />
              {t("list.pending")}
            </span>
          )}
          {row.unread > 0 && (
            <Badge count={row.unread} label={t("list.unread", { n: row.unread })} />
          )}
        </span>
      </span>
    </>
  );
};
