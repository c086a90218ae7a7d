import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { keyText, run } from "@/hotkeys";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import { Button } from "@/kit/Button";
import { Icon } from "@/kit/Icon";
import css from "./Composer.module.css";
import { ModeSwitch } from "./ModeSwitch";

/** A lead looks on: what goes on is read only, until they whisper or take over. */
export const Observing: FC<{ view: ConversationView }> = ({ view }) => {
  const { t } = useTranslation();
  const { handler } = view.row;
  const name = handler.kind === "colleague" ? handler.name : "";
  return (
    <div className={css.shut}>
      <p className={css.why} role="status" data-testid="observing">
        <Icon name="eye" size={14} />
        {t("whisper.observing", { name })}
      </p>
      {view.routing.may.take_over && (
        <Button
          icon="users"
          onClick={() => run("takeOver")}
          title={keyText("takeOver")}
          data-testid="observing-take-over"
        >
          {t("routing.takeOver")}
        </Button>
      )}
      <ModeSwitch view={view} mode="reply" />
    </div>
  );
};
