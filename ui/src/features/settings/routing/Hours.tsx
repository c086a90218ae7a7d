import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BusinessHours } from "@/ipc/generated/BusinessHours";
import { Button } from "@/kit/Button";
import { uuidv7 } from "@/lib/uuid";
import { HoursForm } from "./HoursForm";
import css from "./Routing.module.css";
import { useConfigure } from "./useConfigure";

type Props = { hours: readonly BusinessHours[]; template: BusinessHours };

/** Calendars: when somebody is there. */
export const Hours: FC<Props> = ({ hours, template }) => {
  const { t } = useTranslation();
  const configure = useConfigure();
  const [made, setMade] = useState<BusinessHours | null>(null);
  const shown = made && !hours.some(({ id }) => id === made.id) ? [...hours, made] : hours;
  return (
    <>
      {shown.length === 0 && <p className="soft">{t("routingSettings.noHours")}</p>}
      {shown.map((each) => (
        <HoursForm key={JSON.stringify(each)} hours={each} isNew={each === made} />
      ))}
      <div className={css.acts}>
        <Button
          size="sm"
          icon="plus"
          onClick={() => setMade({ ...template, id: uuidv7() })}
          data-testid="hours-new"
        >
          {t("routingSettings.newHours")}
        </Button>
        {hours.length > 0 && (
          <Button
            look="ghost"
            size="sm"
            onClick={() => void configure({ kind: "inbox_hours", inbox_id: null, hours_id: null })}
          >
            {t("routingSettings.alwaysOpen")}
          </Button>
        )}
      </div>
    </>
  );
};
