import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { BusinessHours } from "@/ipc/generated/BusinessHours";
import type { Inbox } from "@/ipc/generated/Inbox";
import { Select } from "@/kit/Select";
import { Line } from "../Lines";
import { useConfigure } from "./useConfigure";

const ALWAYS = "always";

type Props = { inbox: Inbox; hours: readonly BusinessHours[] };

/** Which calendar a source of messages has. */
export const InboxLine: FC<Props> = ({ inbox, hours }) => {
  const { t } = useTranslation();
  const configure = useConfigure();
  return (
    <Line label={inbox.name} hint={t(`channel.${inbox.kind}`)}>
      <Select
        label={t("routingSettings.hoursOf", { name: inbox.name })}
        value={inbox.hours ?? ALWAYS}
        onChange={(id) =>
          void configure({
            kind: "inbox_hours",
            inbox_id: inbox.id,
            hours_id: id === ALWAYS ? null : id,
          })
        }
        items={[
          { id: ALWAYS, label: t("routingSettings.always") },
          ...hours.map(({ id, name }) => ({ id, label: name })),
        ]}
        testId="inbox-hours"
      />
    </Line>
  );
};
