import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyText, useAction } from "@/hotkeys";
import type { OfferView } from "@/ipc/generated/OfferView";
import { useOffers } from "@/ipc/queries";
import { Button } from "@/kit/Button";
import { Flag, Tag } from "@/kit/Marks";
import { RingText } from "@/kit/Ring";
import { useNow } from "@/lib/now";
import { categoryText } from "@/lib/text";
import { span } from "@/lib/time";
import { useName } from "@/parts/Person";
import { useReason } from "@/parts/routing";
import css from "./Offers.module.css";
import { useOffer } from "./useOffer";

/** From here on the time left is short. */
const SHORT_MS = 10_000;

/** What is offered to the agent, over every room: the one that ends first. */
export const Offers: FC = () => {
  const now = useNow();
  const offers = (useOffers().data?.offers ?? []).filter((offer) => offer.expires_at > now);
  const [first] = offers;
  return first ? <Offer key={first.row.id} offer={first} more={offers.length - 1} /> : null;
};

const Offer: FC<{ offer: OfferView; more: number }> = ({ offer, more }) => {
  const { t } = useTranslation();
  const name = useName();
  const words = useReason();
  const now = useNow();
  const [since] = useState(() => Date.now());
  const { accept, decline, busy } = useOffer(offer.row.id);
  useAction("offerAccept", () => void accept());
  useAction("offerDecline", () => void decline());
  const { row, note, why, slots } = offer;
  // The window's clock goes by whole seconds and may stand before the offer was made.
  const left = Math.max(0, offer.expires_at - Math.max(now, since));
  const whole = Math.max(1, offer.expires_at - Math.min(offer.offered_at, since));
  const [decisive, ...others] = why;
  return (
    <section
      className={css.card}
      role="alertdialog"
      aria-label={t("offer.label")}
      aria-describedby="offer-what"
      data-testid="offer"
      data-id={row.id}
    >
      <header className={css.head}>
        <h2>{t(offer.reason === "transfer" ? "offer.transferred" : "offer.title")}</h2>
        <RingText tone={left < SHORT_MS ? "breached" : "soon"} value={left / whole}>
          <span className="num" data-testid="offer-left">
            {clock(left)}
          </span>
        </RingText>
      </header>
      <div id="offer-what" className={css.what}>
        <p className={css.who}>
          <span className="strong one">{name(row)}</span>
          <span className="small muted one">
            {t(`channel.${row.channel}`)}
            <i className="sep" />
            {row.number}
            {offer.group && (
              <>
                <i className="sep" />
                {offer.group}
              </>
            )}
          </span>
          {(row.priority === "high" || row.priority === "urgent") && (
            <Flag level={row.priority} label={t(`priority.${row.priority}`)} showLabel />
          )}
        </p>
        {row.last_text && <p className={css.text}>{row.last_text}</p>}
        {(row.category || slots.length > 0) && (
          <p className={css.tags}>
            {row.category && <Tag>{categoryText(row.category)}</Tag>}
            {slots.map(({ slot, text }) => (
              <Tag key={slot}>{text}</Tag>
            ))}
          </p>
        )}
        {note && (
          <p className={css.note} data-testid="offer-note">
            {t("offer.note", { note })}
          </p>
        )}
        {decisive && (
          <p className={css.why} data-testid="offer-why">
            <span className="soft">{t("routing.whyMe")}</span> {words(decisive, now)}
            {others.length > 0 && (
              <span className="muted">
                {t("app.comma")}
                {others.map((reason) => words(reason, now)).join(t("app.comma"))}
              </span>
            )}
          </p>
        )}
      </div>
      <footer className={css.foot}>
        {more > 0 && <span className="small muted grow">{t("offer.more", { n: more })}</span>}
        <Button
          look="ghost"
          keys={keyText("offerDecline")}
          disabled={busy}
          onClick={() => void decline()}
          data-testid="offer-decline"
        >
          {t("offer.decline")}
        </Button>
        <Button
          look="primary"
          keys={keyText("offerAccept")}
          busy={busy}
          onClick={() => void accept()}
          data-testid="offer-accept"
        >
          {t("offer.accept")}
        </Button>
      </footer>
    </section>
  );
};

/** An offer stands for minutes at most. */
const clock = (ms: number): string => {
  const length = span(ms);
  return length.unit === "clock" ? length.text : "";
};
