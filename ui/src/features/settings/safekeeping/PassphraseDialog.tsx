import { type FC, type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@/ipc/call";
import { Button } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";
import { Field } from "@/kit/Field";
import { Notice, toast } from "@/kit/Notice";
import { NewPassphrase } from "./NewPassphrase";
import css from "./Safekeeping.module.css";
import { useNewPassphrase } from "./useNewPassphrase";
import { useWork } from "./useWork";

type Props = { asksPresent: boolean; onClose: () => void };

/** Another passphrase: the data is not touched. */
export const PassphraseDialog: FC<Props> = ({ asksPresent, onClose }) => {
  const { t } = useTranslation();
  const form = useId();
  const { busy, failure, run } = useWork();
  const [present, setPresent] = useState("");
  const chosen = useNewPassphrase();
  const wrong = failure?.code === "wrong_passphrase" ? failure.text : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!chosen.check()) return;
    void run(async () => {
      await call("security.passphrase", {
        present: asksPresent ? present : null,
        new: chosen.text,
      });
      toast("success", t("safe.passphraseChanged"));
      onClose();
    });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(asksPresent ? "safe.changePassphrase" : "safe.addPassphrase")}
      text={t("safe.passphraseText")}
      testId="passphrase-dialog"
      foot={
        <>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button type="submit" form={form} look="primary" busy={busy}>
            {t("safe.save")}
          </Button>
        </>
      }
    >
      <form id={form} className={css.form} onSubmit={submit} noValidate>
        {asksPresent && (
          <Field
            label={t("safe.present")}
            type="password"
            autoComplete="current-password"
            value={present}
            error={wrong}
            onChange={(event) => setPresent(event.currentTarget.value)}
            data-testid="passphrase-present"
          />
        )}
        <NewPassphrase
          chosen={chosen}
          label={t("safe.next")}
          hint={t("safe.long")}
          testId="passphrase-new"
          againTestId="passphrase-again"
        />
        {failure && !wrong && <Notice tone="danger">{failure.text}</Notice>}
      </form>
    </Dialog>
  );
};
