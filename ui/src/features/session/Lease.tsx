import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { SessionView } from "@/ipc/generated/SessionView";
import { dateText, timeOfDay } from "@/lib/time";
import { Frame } from "./Frame";
import css from "./Login.module.css";

type Props = { session: Extract<SessionView, { phase: "lease_ended" }> };

/** Too long without the server: nothing is shown until it is there again, which the desk tries. */
export const Lease: FC<Props> = ({ session: { account, server, reached_at } }) => {
  const { t, i18n } = useTranslation();
  const time = `${dateText(reached_at, Date.now(), i18n.language)} ${timeOfDay(reached_at)}`;
  return (
    <Frame>
      <section className={css.form} aria-label={t("login.leaseTitle")} data-testid="lease">
        <h1>{t("login.leaseTitle")}</h1>
        <p className="soft">{t("login.leaseText", { time, server })}</p>
        <p className="soft" role="status">
          {t("login.leaseKept", { account })}
        </p>
      </section>
    </Frame>
  );
};
