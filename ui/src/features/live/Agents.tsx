import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { useSpan } from "@/i18n/useSpan";
import type { LiveAgent } from "@/ipc/generated/LiveAgent";
import { cx } from "@/kit/cx";
import { ListRow, ListRows } from "@/kit/ListDetail";
import { PresenceMark } from "@/kit/Marks";
import { useNow } from "@/lib/now";

type Props = {
  agents: readonly LiveAgent[];
  chosen: string | null;
  onChoose: (id: string | null) => void;
};

/** The agents of the groups, with what they have; one narrows the list. */
export const Agents: FC<Props> = ({ agents, chosen, onChoose }) => {
  const { t } = useTranslation();
  const span = useSpan();
  const now = useNow();
  return (
    <ListRows dense>
      <li>
        <ListRow
          isChosen={chosen === null}
          aria-pressed={chosen === null}
          onClick={() => onChoose(null)}
        >
          <span className="grow">{t("live.everybody")}</span>
        </ListRow>
      </li>
      {agents.map((agent) => (
        <li key={agent.id}>
          <ListRow
            isChosen={chosen === agent.id}
            aria-pressed={chosen === agent.id}
            onClick={() => onChoose(chosen === agent.id ? null : agent.id)}
            data-testid="live-agent"
          >
            <PresenceMark shape={agent.presence} />
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
            <span className="sr">{t(`presence.${agent.presence}`)}</span>
          </ListRow>
        </li>
      ))}
    </ListRows>
  );
};
