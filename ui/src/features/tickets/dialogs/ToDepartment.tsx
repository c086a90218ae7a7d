import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { TicketDepartment } from "@/ipc/generated/TicketDepartment";
import { CheckField, ChoiceField } from "@/kit/FormField";

type Props = {
  departments: readonly TicketDepartment[];
  /** The chosen one. */
  to: TicketDepartment | undefined;
  onChoose: (id: string) => void;
  returns: boolean;
  onReturns: (returns: boolean) => void;
  testId: string;
};

/** To which department something goes, and whether it comes back. */
export const ToDepartment: FC<Props> = ({
  departments,
  to,
  onChoose,
  returns,
  onReturns,
  testId,
}) => {
  const { t } = useTranslation();
  return (
    <>
      <ChoiceField
        label={t("ticket.dialog.department")}
        value={to?.id ?? ""}
        items={[
          ...(to ? [] : [{ id: "", label: t("ticket.dialog.pickDepartment") }]),
          ...departments.map(({ id, name }) => ({ id, label: name })),
        ]}
        onChoose={onChoose}
        data-testid={`${testId}-department`}
      />
      <CheckField
        label={t("ticket.dialog.returns")}
        checked={returns}
        onChange={onReturns}
        testId={`${testId}-returns`}
      />
    </>
  );
};
