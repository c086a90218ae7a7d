import { type FC, type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@/ipc/call";
import { Button } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";
import { Field } from "@/kit/Field";
import { Notice, toast } from "@/kit/Notice";
import { isLongEnough } from "@/lib/passphrase";
import css from "./Safekeeping.module.css";
import { useWork } from "./useWork";

type Props = { asksPresent: boolean; onClose: () => void };

/** Another passphrase: the data is not touched. */
export const PassphraseDialog: FC<Props> = ({ asksPresent, onClose }) => {
  const { t } = useTranslation();
  const form = useId();
  const { busy, failure, run } = useWork();
  const [present, setPresent] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const short = tried && !isLongEnough(next);
  const differs = tried && !short && again !== next;
  const wrong = failure?.code === "wrong_passphrase" ? failure.text : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isLongEnough(next) || again !== next) return;
    void run(async () => {
      await call("security.passphrase", { present: asksPresent ? present : null, new: next });
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
        <Field
          label={t("safe.next")}
          type="password"
          autoComplete="new-password"
          value={next}
          hint={t("safe.long")}
          error={short ? t("safe.long") : undefined}
          onChange={(event) => setNext(event.currentTarget.value)}
          data-testid="passphrase-new"
        />
        <Field
          label={t("safe.again")}
          type="password"
          autoComplete="new-password"
          value={again}
          error={differs ? t("safe.differs") : undefined}
          onChange={(event) => setAgain(event.currentTarget.value)}
          data-testid="passphrase-again"
        />
        {failure && !wrong && <Notice tone="danger">{failure.text}</Notice>}
      </form>
    </Dialog>
  );
};
