import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { keyText } from "@/hotkeys";
import { Button, IconButton } from "@/kit/Button";
import type { Routing } from "./useRouting";

/** What can be done about who has a conversation, in its head. */
export const Acts: FC<{ routing: Routing }> = ({ routing }) => {
  const { t } = useTranslation();
  const { transfer, snooze, wake, takeOver, reopen, takeBack } = routing;
  return (
    <>
      {snooze && (
        <IconButton
          icon="snooze"
          label={`${t("routing.snooze")} (${keyText("snooze")})`}
          onClick={snooze}
          data-testid="snooze"
        />
      )}
      {transfer && (
        <IconButton
          icon="swap"
          label={`${t("routing.transfer")} (${keyText("transfer")})`}
          onClick={transfer}
          data-testid="transfer"
        />
      )}
      {takeOver && (
        <Button icon="users" onClick={takeOver} title={keyText("takeOver")} data-testid="take-over">
          {t("routing.takeOver")}
        </Button>
      )}
      {wake && (
        <Button icon="snooze" onClick={wake} title={keyText("wake")} data-testid="wake">
          {t("routing.wake")}
        </Button>
      )}
      {takeBack && (
        <Button icon="undo" onClick={takeBack} title={keyText("undoEdit")} data-testid="take-back">
          {t("routing.takeBack")}
        </Button>
      )}
      {reopen && (
        <Button icon="undo" onClick={reopen} title={keyText("reopen")} data-testid="reopen">
          {t("routing.reopen")}
        </Button>
      )}
    </>
  );
};
