import { useQueryClient } from "@tanstack/react-query";
import { type FC, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAction } from "@/hotkeys";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import { useTyping } from "@/ipc/events";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import { keys } from "@/ipc/keys";
import { useConversation } from "@/ipc/queries";
import { EmptyState } from "@/kit/EmptyState";
import { toast } from "@/kit/Notice";
import { useNow } from "@/lib/now";
import { useName } from "@/parts/Person";
import { saidFinal } from "@/parts/undo";
import { useRoutes } from "@/routes";
import { Composer } from "../composer/Composer";
import { StoppedBars } from "../composer/StoppedBar";
import { StoppedDialog } from "../composer/StoppedDialog";
import { useNoneTicked } from "../list/selection";
import { Snooze } from "../routing/Snooze";
import { Transfer } from "../routing/Transfer";
import { useResolved } from "../routing/useResolved";
import { useRouting } from "../routing/useRouting";
import { useDesk } from "../store";
import { Colleagues } from "./Colleagues";
import css from "./Conversation.module.css";
import { FindBar } from "./FindBar";
import { Head } from "./Head";
import { Messages } from "./Messages";
import { useMessages } from "./useMessages";

/** One conversation: head, messages, composer. */
export const Conversation: FC<{ id: ConversationId }> = ({ id }) => {
  const { t } = useTranslation();
  const { data, error } = useConversation(id);
  if (data) return <Open view={data} />;
  return (
    <section className={css.pane} aria-label={t("conversation.messages")}>
      {error && (
        <div className={css.gone}>
          <EmptyState icon="inbox" title={t("conversation.gone")} text={errorText(t, error)} />
        </div>
      )}
    </section>
  );
};

const Open: FC<{ view: ConversationView }> = ({ view }) => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const name = useName();
  const { id, status, handler } = view.row;
  const { find, set } = useDesk();
  const setScope = useRoutes((routes) => routes.setScope);
  const all = useMessages(view);
  const resolved = useResolved();

  const act = async (command: "conversation.claim" | "conversation.resolve", done: string) => {
    try {
      client.setQueryData(keys.conversation(id), await call(command, { conversation_id: id }));
      if (command === "conversation.resolve") resolved(id, done);
      else saidFinal(useDesk, "success", done);
    } catch (error) {
      toast("danger", errorText(t, error));
    }
  };
  // What was taken has left the queue: the list follows it.
  const [held, setHeld] = useState(handler.kind);
  useEffect(() => {
    if (held !== "me" && handler.kind === "me" && useRoutes.getState().scope === "queue")
      setScope("mine");
    setHeld(handler.kind);
  }, [held, handler.kind, setScope]);
  const claimable = status === "open" && handler.kind !== "me" && view.reply.kind === "claims";
  const resolvable = status === "open" && handler.kind === "me";
  const claim = () => void act("conversation.claim", t("conversation.claimed"));
  const resolve = () => void act("conversation.resolve", t("conversation.resolved"));
  const alone = useNoneTicked();
  useAction("claim", claim, claimable && alone);
  useAction("resolve", resolve, resolvable && alone);
  const routing = useRouting(view);
  useAction("find", () => set({ find: find ?? "" }));
  useEffect(() => () => set({ find: null }), [set]);

  return (
    <section
      className={css.pane}
      aria-label={t("conversation.with", { name: name(view.row) })}
      data-testid="conversation"
      data-id={id}
    >
      <Head
        view={view}
        routing={routing}
        onClaim={claimable ? claim : undefined}
        onResolve={resolvable ? resolve : undefined}
      />
      {find !== null && (
        <FindBar
          id={id}
          messages={all.messages}
          query={find}
          onQuery={(query) => set({ find: query })}
          onClose={() => set({ find: null })}
        />
      )}
      <Messages view={view} all={all} />
      <div className={css.dock}>
        <Live view={view} />
        <StoppedBars view={view} />
        <Composer view={view} />
      </div>
      <StoppedDialog view={view} />
      <Transfer view={view} />
      <Snooze view={view} />
    </section>
  );
};

const Live: FC<{ view: ConversationView }> = ({ view }) => {
  const { t } = useTranslation();
  const name = useName();
  const until = useTyping((typing) => typing.until[view.row.id] ?? 0);
  const now = useNow();
  const typing = until > now;
  return (
    <div className={css.live} role="status" data-testid="typing">
      {typing && <span>{t("conversation.typing", { name: name(view.row) })}</span>}
      <Colleagues id={view.row.id} mine={view.row.handler.kind === "me"} />
    </div>
  );
};
