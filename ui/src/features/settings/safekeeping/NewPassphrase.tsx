import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "@/kit/Field";
import type { ChosenPassphrase } from "./useNewPassphrase";

type Props = {
  chosen: ChosenPassphrase;
  label: string;
  hint: string;
  testId: string;
  againTestId: string;
};

/** The two lines in which a passphrase is chosen. */
export const NewPassphrase: FC<Props> = ({ chosen, label, hint, testId, againTestId }) => {
  const { t } = useTranslation();
  return (
    <>
      <Field
        label={label}
        type="password"
        autoComplete="new-password"
        value={chosen.text}
        hint={hint}
        error={chosen.isShort ? t("safe.long") : undefined}
        onChange={(event) => chosen.setText(event.currentTarget.value)}
        data-testid={testId}
      />
      <Field
        label={t("safe.again")}
        type="password"
        autoComplete="new-password"
        value={chosen.again}
        error={chosen.differs ? t("safe.differs") : undefined}
        onChange={(event) => chosen.setAgain(event.currentTarget.value)}
        data-testid={againTestId}
      />
    </>
  );
};
