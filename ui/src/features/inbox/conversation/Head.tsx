import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { keyText, run } from "@/hotkeys";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import { Button, IconButton } from "@/kit/Button";
import { useName } from "@/parts/Person";
import { TimeLeft } from "@/parts/WaitClock";
import { Reviewing } from "../review/Reviewing";
import { Acts } from "../routing/Acts";
import { Standing } from "../routing/Standing";
import type { Routing } from "../routing/useRouting";
import css from "./Head.module.css";

type Props = {
  view: ConversationView;
  routing: Routing;
  onClaim: (() => void) | undefined;
  onResolve: (() => void) | undefined;
};

/** Who it is, how long is left, and what to do. */
export const Head: FC<Props> = ({ view, routing, onClaim, onResolve }) => {
  const { t } = useTranslation();
  const name = useName();
  const { row, group } = view;
  const conflicts = view.properties.conflicts.length;
  return (
    <header className={css.head}>
      <div className={css.who}>
        <h1>{name(row)}</h1>
        <span className="small muted one">
          {t(`channel.${row.channel}`)}
          {group && (
            <span className="wide-only">
              <i className="sep" />
              {group}
            </span>
          )}
          <i className="sep" />
          {row.number}
        </span>
      </div>
      {row.handler.kind === "colleague" && (
        <span className="small muted">{t("conversation.heldBy", { name: row.handler.name })}</span>
      )}
      {conflicts > 0 && (
        <Button
          size="sm"
          icon="swap"
          className={css.conflict}
          onClick={() => run("outbox")}
          data-testid="conflict-badge"
        >
          {t("conversation.conflict", { n: conflicts })}
        </Button>
      )}
      <Standing view={view} />
      <TimeLeft row={row} className="wide-only" />
      <IconButton
        icon="search"
        label={`${t("find.label")} (${keyText("find")})`}
        onClick={() => run("find")}
        className={css.find}
      />
      <Button look="ghost" className="narrow-only" onClick={() => run("assist")}>
        {t("conversation.assist")}
      </Button>
      <Acts routing={routing} />
      <Reviewing view={view} />
      {onClaim && (
        <Button
          look="primary"
          icon="check"
          onClick={onClaim}
          title={keyText("claim")}
          data-testid="claim"
        >
          {t("conversation.claim")}
        </Button>
      )}
      {onResolve && (
        <Button icon="check" onClick={onResolve} title={keyText("resolve")} data-testid="resolve">
          {t("conversation.resolve")}
        </Button>
      )}
    </header>
  );
};
