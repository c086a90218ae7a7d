import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";

type Props = {
  /** Why it cannot be kept, where no field says so. */
  wrong?: string;
  /** How it is removed, where it may be; it is asked for once more. */
  removal?: { label: string; title: string; text: string; act: () => Promise<void> } | undefined;
  onCancel?: (() => void) | undefined;
  save: { keys: string | undefined; disabled: boolean; act: () => void };
  busy: boolean;
  testId: string;
};

/** What can be done with something that is being written: remove it, leave it, keep it. */
export const EditFoot: FC<Props> = ({ wrong = "", removal, onCancel, save, busy, testId }) => {
  const { t } = useTranslation();
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
        keys={save.keys}
        busy={busy}
        disabled={save.disabled}
        onClick={save.act}
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
                onClick={() => void removal.act().then(() => setRemoving(false))}
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
