import { useQueryClient } from "@tanstack/react-query";
import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAction } from "@/hotkeys";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import type { CustomerView } from "@/ipc/generated/CustomerView";
import type { EarlierView } from "@/ipc/generated/EarlierView";
import type { SheetView } from "@/ipc/generated/SheetView";
import { keys } from "@/ipc/keys";
import { useCustomer } from "@/ipc/queries";
import { IconButton, LinkButton } from "@/kit/Button";
import { cx } from "@/kit/cx";
import { Icon } from "@/kit/Icon";
import { toast } from "@/kit/Notice";
import { useNow } from "@/lib/now";
import { categoryText } from "@/lib/text";
import { dateText, daysAgo, timeOfDay } from "@/lib/time";
import { useRoutes } from "@/routes";
import block from "./Block.module.css";
import css from "./Customer.module.css";

type Props = { id: ConversationId };

/** What other systems of the shop know, and the earlier conversations of this customer. */
export const Customer: FC<Props> = ({ id }) => {
  const { data } = useCustomer(id);
  if (!data) return null;
  return (
    <>
      <Sheets id={id} view={data} />
      <Earlier view={data} />
    </>
  );
};

const useWhen = () => {
  const { i18n } = useTranslation();
  const now = useNow();
  return (at: number) =>
    daysAgo(at, now) === 0 ? timeOfDay(at) : dateText(at, now, i18n.language);
};

/** Orders and parcels: what each system said, as of when; what is old says so and blocks nothing. */
const Sheets: FC<Props & { view: CustomerView }> = ({ id, view }) => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const when = useWhen();
  const [sent, setSent] = useState(false);
  const asking = view.asking || sent;
  const again = async () => {
    setSent(true);
    try {
      client.setQueryData(
        keys.customer(id),
        await call("customer.refresh", { conversation_id: id }),
      );
    } catch (error) {
      toast("danger", errorText(t, error));
    }
    setSent(false);
  };
  useAction("customerRefresh", () => void again());
  if (view.sheets.length === 0 && !view.failed) return null;
  return (
    <section className={block.block} aria-label={t("customer.sheets")} data-testid="sheets">
      <div className={block.head}>
        <h2 className="grow">{t("customer.sheets")}</h2>
        {view.failed && (
          <span className={css.stale}>
            {view.asked_at === null
              ? t("customer.notAsked")
              : t("customer.failed", { time: when(view.asked_at) })}
          </span>
        )}
        <IconButton
          icon="sync"
          label={t("action.customerRefresh")}
          aria-busy={asking}
          disabled={asking}
          onClick={() => void again()}
          data-testid="sheets-refresh"
        />
      </div>
      {view.sheets.map((sheet) => (
        <Sheet key={sheet.name} sheet={sheet} />
      ))}
    </section>
  );
};

const Sheet: FC<{ sheet: SheetView }> = ({ sheet }) => {
  const { t } = useTranslation();
  const when = useWhen();
  const { name, state, at, is_stale } = sheet;
  return (
    <div className={css.sheet} data-testid="sheet" data-stale={is_stale || undefined}>
      <p className={css.name}>
        <span className="grow">{name}</span>
        {at !== null && (
          <span className={cx(css.time, is_stale && css.stale)}>
            {is_stale && <Icon name="clock" size={12} />}
            {t(is_stale ? "customer.asOf" : "customer.at", { time: when(at) })}
          </span>
        )}
      </p>
      {state.kind === "known" ? (
        <dl className={block.dl}>
          {state.facts.map((fact) => (
            <div key={fact.name} className={block.pair}>
              <dt>{fact.name}</dt>
              <dd>{fact.value}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <p className={css.none}>
          {state.kind === "unavailable"
            ? t("customer.unavailable")
            : t(`customer.${state.kind}`, { slot: t(`slot.${state.slot}`) })}
        </p>
      )}
    </div>
  );
};

/** As many as are listed at first. */
const FEW = 20;

const Earlier: FC<{ view: CustomerView }> = ({ view }) => {
  const { t } = useTranslation();
  const { earlier, n_earlier } = view;
  const [all, setAll] = useState(false);
  const listed = all ? earlier : earlier.slice(0, FEW);
  return (
    <section className={block.block} aria-label={t("customer.earlier")} data-testid="earlier">
      <div className={block.head}>
        <h2 className="grow">{t("customer.earlier")}</h2>
        <span className="small muted num">{n_earlier}</span>
      </div>
      {earlier.length === 0 ? (
        <p className={css.none}>{t("customer.first")}</p>
      ) : (
        <ul className={css.list}>
          {listed.map((each) => (
            <li key={each.id}>
              <EarlierRow row={each} />
            </li>
          ))}
        </ul>
      )}
      {listed.length < earlier.length && (
        <LinkButton className="small" onClick={() => setAll(true)} data-testid="earlier-all">
          {t("customer.earlierAll", { n: earlier.length })}
        </LinkButton>
      )}
      {listed.length === earlier.length && earlier.length < n_earlier && (
        <p className={css.none}>{t("customer.earlierMost", { n: earlier.length })}</p>
      )}
    </section>
  );
};

const EarlierRow: FC<{ row: EarlierView }> = ({ row }) => {
  const { t } = useTranslation();
  const when = useWhen();
  const openConversation = useRoutes((routes) => routes.openConversation);
  return (
    <button
      type="button"
      className={css.row}
      onClick={() => openConversation(row.id)}
      data-testid="earlier-row"
    >
      <span className={css.line}>
        <span className="num">{row.number}</span>
        <span className="one grow muted">
          {[t(`channel.${row.channel}`), categoryText(row.category)].filter(Boolean).join(" · ")}
        </span>
        <span className="small muted">{t(`customer.status_${row.status}`)}</span>
        <span className="small muted num">{when(row.at)}</span>
      </span>
      <span className={css.last}>{row.last_text}</span>
    </button>
  );
};
