import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSpan } from "@/i18n/useSpan";
import type { LiveAgent } from "@/ipc/generated/LiveAgent";
import { cx } from "@/kit/cx";
import { PresenceMark } from "@/kit/Marks";
import { VirtualList } from "@/kit/VirtualList";
import { useNow } from "@/lib/now";
import css from "./Live.module.css";

type Props = {
  agents: readonly LiveAgent[];
  chosen: string | null;
  onChoose: (id: string | null) => void;
};

/** Stands for all of them; it is part of the name of an element, as the id of an agent is. */
const EVERYBODY = "everybody";
const ROW_PX = 30;
type Item = LiveAgent | typeof EVERYBODY;
const keyOf = (item: Item) => (item === EVERYBODY ? EVERYBODY : item.id);

/** The agents of the groups, with what they have; one narrows the list. */
export const Agents: FC<Props> = ({ agents, chosen, onChoose }) => {
  const { t } = useTranslation();
  const [active, setActive] = useState<string>(chosen ?? EVERYBODY);
  return (
    <VirtualList
      label={t("live.agents")}
      items={[EVERYBODY, ...agents] as const}
      rowHeight={ROW_PX}
      keyOf={keyOf}
      look="card"
      className={css.agents}
      activeKey={active}
      selectedKey={chosen ?? EVERYBODY}
      onActive={setActive}
      onChoose={(key) => {
        setActive(key);
        onChoose(key === EVERYBODY || key === chosen ? null : key);
      }}
      renderRow={(item) =>
        item === EVERYBODY ? (
          <span className={css.agent}>{t("live.everybody")}</span>
        ) : (
          <Agent agent={item} />
        )
      }
      testId="live-agent-list"
      rowTestId="live-agent"
    />
  );
};

const Agent: FC<{ agent: LiveAgent }> = ({ agent }) => {
  const { t } = useTranslation();
  const span = useSpan();
  const now = useNow();
  return (
    <span className={css.agent}>
      <PresenceMark shape={agent.presence} />
      <span className="sr">{t(`presence.${agent.presence}`)}</span>
      <span className="one grow">{agent.name}</span>
      {agent.waiting_since !== null && (
        <span className="small muted num">{span(now - agent.waiting_since)}</span>
      )}
      <span
        className={cx("small num", agent.held < agent.capacity && "muted")}
        title={t("live.load", { held: agent.held, capacity: agent.capacity })}
      >
        {agent.held}/{agent.capacity}
      </span>
    </span>
  );
};
