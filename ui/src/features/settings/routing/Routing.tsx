import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { useRoutingSettings } from "@/ipc/queries";
import { Notice } from "@/kit/Notice";
import { Section } from "../Lines";
import { AgentLine } from "./AgentLine";
import { GroupLine } from "./GroupLine";
import { Hours } from "./Hours";

/** How waiting conversations find an agent, who takes how much, and when somebody is there. */
export const Routing: FC = () => {
  const { t } = useTranslation();
  const { data, error } = useRoutingSettings();
  if (error) return <Notice tone="danger">{errorText(t, error)}</Notice>;
  if (!data) return null;
  return (
    <div data-testid="routing-settings">
      <p className="soft">{t("routingSettings.about")}</p>
      <Section title={t("routingSettings.groups")}>
        {data.groups.map((group) => (
          <GroupLine key={`${group.id} ${JSON.stringify(group.assign)}`} group={group} />
        ))}
      </Section>
      <Section title={t("routingSettings.agents")}>
        {data.agents.map((agent) => (
          <AgentLine key={JSON.stringify(agent)} agent={agent} />
        ))}
      </Section>
      <Section title={t("routingSettings.hours")}>
        <Hours hours={data.hours} template={data.template} />
      </Section>
    </div>
  );
};
