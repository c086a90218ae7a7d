import { type FC, type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@/ipc/call";
import type { RekeyState } from "@/ipc/generated/RekeyState";
import { Button } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";
import { Field } from "@/kit/Field";
import { Notice, toast } from "@/kit/Notice";
import css from "./Safekeeping.module.css";
import { Stages } from "./Stages";
import { useWork } from "./useWork";

const STAGES = ["copying", "sealing", "checking", "placing"] as const;

type Props = { state: RekeyState; asksPassphrase: boolean; onClose: () => void };

/** A new key for the local store, and how far it has come. */
export const RekeyDialog: FC<Props> = ({ state, asksPassphrase, onClose }) => {
  const { t } = useTranslation();
  const form = useId();
  const { busy, failure, run } = useWork();
  const [passphrase, setPassphrase] = useState("");
  const wrong = failure?.code === "wrong_passphrase" ? failure.text : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => {
      await call("security.rekey", { passphrase: asksPassphrase ? passphrase : null });
      toast("success", t("safe.keyChanged"));
      onClose();
    });
  };
  return (
    <Dialog
      open
      onClose={() => !busy && onClose()}
      title={t("safe.changeKey")}
      text={t("safe.changeKeyText")}
      testId="key-dialog"
      foot={
        <>
          <Button onClick={onClose} disabled={busy}>
            {t("app.cancel")}
          </Button>
          <Button
            type="submit"
            form={form}
            look="primary"
            busy={busy}
            data-testid="change-key-submit"
          >
            {t(busy ? "safe.changingKey" : "safe.changeKeyNow")}
          </Button>
        </>
      }
    >
      <form id={form} className={css.form} onSubmit={submit} noValidate>
        {asksPassphrase && (
          <Field
            label={t("safe.present")}
            type="password"
            autoComplete="current-password"
            value={passphrase}
            error={wrong}
            disabled={busy}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
            data-testid="key-passphrase"
          />
        )}
        {busy && (
          <Stages
            labels={STAGES.map((stage) => t(`safe.stage.${stage}`))}
            at={(STAGES as readonly string[]).indexOf(state)}
          />
        )}
        {failure && !wrong && <Notice tone="danger">{failure.text}</Notice>}
      </form>
    </Dialog>
  );
};
