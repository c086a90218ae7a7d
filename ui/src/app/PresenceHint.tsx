import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { keyText } from "@/hotkeys";
import { useConnection, useMe } from "@/ipc/queries";
import { Button, IconButton } from "@/kit/Button";
import { Notice } from "@/kit/Notice";
import css from "./Banner.module.css";
import { useDesk, usePresenceKnown } from "./useDesk";

/** Says that customers do not see the agent: a sign-in leaves them offline. */
export const PresenceHint: FC = () => {
  const { t } = useTranslation();
  const me = useMe();
  const { data: connection } = useConnection();
  const { known } = usePresenceKnown();
  const { setPresence } = useDesk();
  if (known || me?.presence !== "offline" || connection?.state !== "online") return null;
  return (
    <div className={css.banner}>
      <Notice
        testId="presence-hint"
        action={
          <span className={css.acts}>
            <Button
              size="sm"
              keys={keyText("presenceOnline")}
              onClick={() => void setPresence("online")}
              data-testid="presence-start"
            >
              {t("hint.start")}
            </Button>
            <IconButton
              icon="x"
              size="sm"
              label={t("app.close")}
              onClick={() => usePresenceKnown.setState({ known: true })}
              data-testid="presence-hint-close"
            />
          </span>
        }
      >
        {t("hint.offline")}
      </Notice>
    </div>
  );
};
