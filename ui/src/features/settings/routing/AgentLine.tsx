import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import type { RoutedAgent } from "@/ipc/generated/RoutedAgent";
import { Button } from "@/kit/Button";
import { Field } from "@/kit/Field";
import css from "./Routing.module.css";
import { readSkills, skillsText } from "./text";
import { useConfigure } from "./useConfigure";

/** How much an agent takes, and what they are good at. */
export const AgentLine: FC<{ agent: RoutedAgent }> = ({ agent }) => {
  const { t } = useTranslation();
  const configure = useConfigure();
  const [capacity, setCapacity] = useState(String(agent.capacity));
  const [text, setText] = useState(skillsText(agent.skills));
  const n = Number(capacity);
  const skills = readSkills(text);
  const fits = Number.isInteger(n) && n >= 0 && n <= 1_000;
  const dirty = capacity !== String(agent.capacity) || text !== skillsText(agent.skills);
  const save = () => {
    if (!skills || !fits) return;
    void configure({
      kind: "agent",
      agent_id: agent.id,
      capacity: n,
      capacities: agent.capacities,
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
      <span className="one">{agent.name}</span>
      <Field
        label={t("routingSettings.capacity", { name: agent.name })}
        hideLabel
        inputMode="numeric"
        value={capacity}
        aria-invalid={!fits || undefined}
        onChange={(event) => setCapacity(event.currentTarget.value)}
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
      <Button type="submit" size="sm" disabled={!dirty || !skills || !fits}>
        {t("routingSettings.save")}
      </Button>
    </form>
  );
};
