import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ActionId, keyText, useAction } from "@/hotkeys";
import { Button } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";
import type { useEdit } from "./useEdit";

type Props = {
  /** Why it cannot be kept, where no field says so. */
  wrong?: string;
  /** What is written. */
  edit: Pick<ReturnType<typeof useEdit>, "isChanged" | "busy" | "save" | "remove">;
  /** The key that keeps it. */
  action: ActionId;
  /** How its removal is called and asked for once more, where it may be removed. */
  removal?: { label: string; title: string; text: string } | undefined;
  onCancel?: (() => void) | undefined;
  testId: string;
};

/** What can be done with something that is being written: remove it, leave it, keep it. */
export const EditFoot: FC<Props> = ({ wrong = "", edit, action, removal, onCancel, testId }) => {
  const { t } = useTranslation();
  const { isChanged, busy } = edit;
  const save = () => void edit.save();
  useAction(action, save, isChanged && !busy);
  const [removing, setRemoving] = useState(false);
  return (
    <>
      {removal && (
        <Button look="ghost" onClick={() => setRemoving(true)} data-testid={`${testId}-remove`}>
          {removal.label}
        </Button>
      )}
      <span className="small danger grow" role="status">
        {wrong}
      </span>
      {onCancel && <Button onClick={onCancel}>{t("app.cancel")}</Button>}
      <Button
        look="primary"
        keys={keyText(action)}
        busy={busy}
        disabled={!isChanged}
        onClick={save}
        data-testid={`${testId}-save`}
      >
        {t("app.save")}
      </Button>
      {removal && (
        <Dialog
          open={removing}
          onClose={() => setRemoving(false)}
          title={removal.title}
          text={removal.text}
          foot={
            <>
              <Button onClick={() => setRemoving(false)}>{t("app.cancel")}</Button>
              <Button
                look="danger"
                busy={busy}
                onClick={() => void edit.remove().then(() => setRemoving(false))}
                data-testid={`${testId}-remove-sure`}
              >
                {removal.label}
              </Button>
            </>
          }
        />
      )}
    </>
  );
};
