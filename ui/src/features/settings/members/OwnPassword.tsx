import { type FC, type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@/ipc/call";
import { Button } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";
import { LineField } from "@/kit/FormField";
import { Notice, toast } from "@/kit/Notice";
import { useWork } from "../safekeeping/useWork";
import css from "./Members.module.css";

/** The shortest password, in characters. */
const SHORTEST = 12;
/** And the longest. */
const LONGEST = 128;

/** Opens the form in which agents change their own password. */
export const OwnPassword: FC = () => {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)} data-testid="own-password">
        {t("members.own.change")}
      </Button>
      {open && <Form onClose={() => setOpen(false)} />}
    </>
  );
};

const Form: FC<{ onClose: () => void }> = ({ onClose }) => {
  const { t } = useTranslation();
  const form = useId();
  const { busy, failure, run } = useWork();
  const [present, setPresent] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const n = Array.from(next).length;
  const fits = n >= SHORTEST && n <= LONGEST;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (present === "" || !fits || again !== next) return;
    void run(async () => {
      await call("members.own_password", { present, new: next });
      toast("success", t("members.own.changed"));
      onClose();
    });
  };
  const isWrong = failure?.code === "wrong_password";
  const isEasy = failure?.code === "bad_request";
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("members.own.change")}
      text={t("members.own.text")}
      testId="own-password-form"
      foot={
        <>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button type="submit" form={form} look="primary" busy={busy} data-testid="own-save">
            {t("members.save")}
          </Button>
        </>
      }
    >
      <form id={form} className={css.form} onSubmit={submit} noValidate>
        <LineField
          label={t("members.own.present")}
          type="password"
          autoComplete="current-password"
          value={present}
          error={isWrong ? t("members.own.wrong") : undefined}
          onChange={(event) => setPresent(event.currentTarget.value)}
          data-testid="own-present"
        />
        <LineField
          label={t("members.own.next")}
          type="password"
          autoComplete="new-password"
          value={next}
          hint={t("members.own.long")}
          error={
            tried && !fits ? t("members.own.long") : isEasy ? t("members.own.easy") : undefined
          }
          onChange={(event) => setNext(event.currentTarget.value)}
          data-testid="own-next"
        />
        <LineField
          label={t("members.own.again")}
          type="password"
          autoComplete="new-password"
          value={again}
          error={tried && fits && again !== next ? t("members.own.differs") : undefined}
          onChange={(event) => setAgain(event.currentTarget.value)}
          data-testid="own-again"
        />
        {failure && !isWrong && !isEasy && <Notice tone="danger">{failure.text}</Notice>}
      </form>
    </Dialog>
  );
};
