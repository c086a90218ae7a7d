import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { useRoutingSettings } from "@/ipc/queries";
import { Notice } from "@/kit/Notice";
import { Section } from "../Lines";
import { AgentLine } from "./AgentLine";
import { GroupLimits } from "./GroupLimits";
import { GroupLine } from "./GroupLine";
import { Hours } from "./Hours";
import { InboxLine } from "./InboxLine";
import { channels } from "./limits";
import css from "./Routing.module.css";

/** How waiting conversations find an agent, who takes how much, and when somebody is there. */
export const Routing: FC = () => {
  const { t } = useTranslation();
  const { data, error } = useRoutingSettings();
  if (error) return <Notice tone="danger">{errorText(t, error)}</Notice>;
  if (!data) return null;
  const { groups, agents, hours, inboxes } = data;
  const kinds = channels(
    inboxes,
    ...groups.map(({ capacities }) => capacities),
    ...agents.map(({ capacities }) => capacities),
  );
  const usualOf = (names: readonly string[]) =>
    groups.filter(({ name }) => names.includes(name)).flatMap(({ capacities }) => capacities);
  return (
    <div data-testid="routing-settings">
      <p className="soft">
        {t(data.may_all ? "routingSettings.about" : "routingSettings.aboutLead")}
      </p>
      {data.may_all && (
        <Section title={t("routingSettings.groups")}>
          {groups.map((group) => (
            <GroupLine key={`${group.id} ${JSON.stringify(group.assign)}`} group={group} />
          ))}
        </Section>
      )}
      <Section title={t("routingSettings.limits")}>
        {groups.map((group) => (
          <GroupLimits key={JSON.stringify(group)} group={group} kinds={kinds} />
        ))}
      </Section>
      <Section title={t("routingSettings.agents")}>
        <div className={css.agents}>
          <p className={css.agentHead}>
            <span className="small muted">{t("routingSettings.name")}</span>
            <span className="small muted">{t("routingSettings.most")}</span>
            <span className="small muted">{t("routingSettings.ofChannel")}</span>
            <span className="small muted">{t("routingSettings.skillsTitle")}</span>
          </p>
          {agents.map((agent) => (
            <AgentLine
              key={JSON.stringify(agent)}
              agent={agent}
              kinds={kinds}
              usual={usualOf(agent.groups)}
            />
          ))}
        </div>
      </Section>
      {data.may_all && (
        <Section title={t("routingSettings.channels")}>
          {inboxes.map((inbox) => (
            <InboxLine key={inbox.id} inbox={inbox} hours={hours} />
          ))}
        </Section>
      )}
      {data.may_all && (
        <Section title={t("routingSettings.hours")}>
          <Hours hours={hours} template={data.template} />
        </Section>
      )}
    </div>
  );
};
