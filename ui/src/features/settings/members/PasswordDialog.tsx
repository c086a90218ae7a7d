import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";
import { toast } from "@/kit/Notice";
import css from "./Members.module.css";

export type Secret = { name: string; password: string; isNew: boolean };

/** A password that is shown this once. Neither Esc nor a click outside loses it before it was taken. */
export const PasswordDialog: FC<{ secret: Secret; onClose: () => void }> = ({
  secret: { name, password, isNew },
  onClose,
}) => {
  const { t } = useTranslation();
  const [taken, setTaken] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(password);
      toast("success", t("members.copied"));
      setTaken(true);
    } catch {
      toast("danger", t("members.notCopied"));
    }
  };
  return (
    <Dialog
      open
      onClose={() => taken && onClose()}
      title={t(isNew ? "members.first" : "members.next", { name })}
      text={t("members.once")}
      testId="member-secret"
      foot={
        <Button look={taken ? "primary" : "plain"} onClick={onClose} data-testid="secret-done">
          {t("members.handed")}
        </Button>
      }
    >
      <div className={css.secret}>
        <code className={css.password} data-testid="secret-text">
          {password}
        </code>
        <Button
          icon="copy"
          look={taken ? "plain" : "primary"}
          onClick={() => void copy()}
          data-testid="secret-copy"
        >
          {t("members.copy")}
        </Button>
      </div>
    </Dialog>
  );
};
