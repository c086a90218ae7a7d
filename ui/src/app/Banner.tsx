import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { useConnection } from "@/ipc/queries";
import { LinkButton } from "@/kit/Button";
import { Notice } from "@/kit/Notice";
import { useRoutes } from "@/routes";
import css from "./Banner.module.css";

/** Says above the room what the agent must do before the desk can sync again. */
export const Banner: FC = () => {
  const { t } = useTranslation();
  const { data } = useConnection();
  const show = useRoutes((routes) => routes.show);
  const skew = data?.skew_ms;
  if (data?.state !== "signed_out" && data?.state !== "upgrade_required")
    return skew === undefined ? null : <Skew ms={skew} />;
  const signedOut = data.account_ended ? "login.accountEnded" : "outbox.signedOut";
  const text = t(data.state === "signed_out" ? signedOut : "outbox.upgradeRequired");
  return (
    <div className={css.banner}>
      <Notice
        tone="warning"
        testId="banner"
        action={
          <LinkButton onClick={() => show("outbox")}>
            {t(data.state === "signed_out" ? "outbox.signIn" : "outbox.title")}
          </LinkButton>
        }
      >
        {text}
      </Notice>
    </div>
  );
};

/** Nothing is lost by a wrong clock, but what is counted down by it is wrong. */
const Skew: FC<{ ms: number }> = ({ ms }) => {
  const { t } = useTranslation();
  const n = Math.round(Math.abs(ms) / 60_000);
  return (
    <div className={css.banner}>
      <Notice tone="warning" testId="banner">
        {t(ms > 0 ? "outbox.clockSlow" : "outbox.clockFast", { n })}
      </Notice>
    </div>
  );
};
