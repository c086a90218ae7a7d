import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { Button } from "@/kit/Button";
import { EmptyState } from "@/kit/EmptyState";
import css from "./BootError.module.css";

/** The program behind the window did not answer. */
export const BootError: FC<{ error: unknown }> = ({ error }) => {
  const { t } = useTranslation();
  return (
    <main className={css.page}>
      <EmptyState
        icon="warn"
        title={t("error.bootTitle")}
        text={errorText(t, error)}
        testId="boot-error"
      >
        <Button onClick={() => window.location.reload()}>{t("error.retry")}</Button>
      </EmptyState>
    </main>
  );
};
