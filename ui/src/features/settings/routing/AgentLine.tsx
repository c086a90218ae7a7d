import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ChannelCapacity } from "@/ipc/generated/ChannelCapacity";
import type { ChannelKind } from "@/ipc/generated/ChannelKind";
import type { RoutedAgent } from "@/ipc/generated/RoutedAgent";
import { Button } from "@/kit/Button";
import { Field } from "@/kit/Field";
import { ChannelLimits } from "./ChannelLimits";
import { isLimit, MOST, readLimits, typed } from "./limits";
import css from "./Routing.module.css";
import { readSkills, skillsText } from "./text";
import { useConfigure } from "./useConfigure";

type Props = {
  agent: RoutedAgent;
  kinds: readonly ChannelKind[];
  /** What the groups of the agent leave to everybody. */
  usual: readonly ChannelCapacity[];
};

/** How much an agent takes, in all and of each channel, and what they are good at. */
export const AgentLine: FC<Props> = ({ agent, kinds, usual }) => {
  const { t } = useTranslation();
  const configure = useConfigure();
  const [capacity, setCapacity] = useState(String(agent.capacity));
  const [text, setText] = useState(skillsText(agent.skills));
  const [limits, setLimits] = useState(typed(agent.capacities));
  const n = Number(capacity);
  const skills = readSkills(text);
  const fits = isLimit(capacity, MOST);
  // Nobody holds more of one channel than of all together.
  const capacities = readLimits(limits, fits ? n : MOST);
  const dirty =
    capacity !== String(agent.capacity) ||
    text !== skillsText(agent.skills) ||
    JSON.stringify(capacities) !== JSON.stringify(agent.capacities);
  const save = () => {
    if (!skills || !fits || !capacities) return;
    void configure({
      kind: "agent",
      agent_id: agent.id,
      capacity: n,
      capacities,
      skills,
    });
  };
  return (
    <form
      className={css.agent}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <span className={css.who}>
        <span className="one">{agent.name}</span>
        <span className="small muted one">{agent.groups.join("、")}</span>
      </span>
      <Field
        label={t("routingSettings.capacity", { name: agent.name })}
        hideLabel
        inputMode="numeric"
        value={capacity}
        data-testid="agent-capacity"
        aria-invalid={!fits || undefined}
        onChange={(event) => setCapacity(event.currentTarget.value)}
      />
      <ChannelLimits
        name={agent.name}
        kinds={kinds}
        value={limits}
        most={fits ? n : MOST}
        usual={usual}
        onChange={setLimits}
      />
      <Field
        label={t("routingSettings.skills", { name: agent.name })}
        hideLabel
        placeholder={t("routingSettings.skillsHint")}
        value={text}
        aria-invalid={!skills || undefined}
        onChange={(event) => setText(event.currentTarget.value)}
        data-testid="agent-skills"
      />
      <Button type="submit" size="sm" disabled={!dirty || !skills || !fits || !capacities}>
        {t("routingSettings.save")}
      </Button>
    </form>
  );
};
