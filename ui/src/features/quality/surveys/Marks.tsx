import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { MarksView } from "@/ipc/generated/MarksView";
import { Figures } from "../Figures";
import { shareText } from "../words";

type NumberId = "asked" | "answered" | "satisfied" | "average";

/** How surveys came out, in four numbers; a share of nothing is none. */
export const Marks: FC<{ marks: MarksView }> = ({ marks }) => {
  const { t } = useTranslation();
  const { asked, answered, satisfied, sum } = marks;
  const numbers: { id: NumberId; value: string; note: string }[] = [
    { id: "asked", value: String(asked), note: "" },
    {
      id: "answered",
      value: String(answered),
      note: t("survey.number.answeredNote", { share: shareText(answered, asked) }),
    },
    {
      id: "satisfied",
      value: shareText(satisfied, answered),
      note: t("survey.number.satisfiedNote", { n: satisfied }),
    },
    {
      id: "average",
      value: answered === 0 ? "—" : (sum / answered).toFixed(2),
      note: t("survey.number.averageNote"),
    },
  ];
  return (
    <Figures
      items={numbers.map(({ id, value, note }) => ({
        id: `survey-${id}`,
        name: t(`survey.number.${id}`),
        value,
        note,
      }))}
    />
  );
};
