import { useQueryClient } from "@tanstack/react-query";
import type { FC, KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { errorText, refusedText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { OutboxItem } from "@/ipc/generated/OutboxItem";
import { Button, LinkButton } from "@/kit/Button";
import { Icon } from "@/kit/Icon";
import { toast } from "@/kit/Notice";
import { timeOfDay } from "@/lib/time";
import { backToDraft } from "@/parts/drafts";
import { RpcError } from "@/platform";
import { useRoutes } from "@/routes";
import css from "./Outbox.module.css";

/** Lines under a head; nothing while there are none. */
export const Part: FC<{ title: string; items: readonly OutboxItem[] }> = ({ title, items }) => {
  if (items.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3 className={css.head}>
        {title} <span className="muted num">{items.length}</span>
      </h3>
      <ul>
        {items.map((item) => (
          <Line key={item.op_id} item={item} />
        ))}
      </ul>
    </section>
  );
};

const kindOf = (kind: string) => {
  if (kind.startsWith("engine.")) return "engine";
  if (kind.startsWith("learning.")) return "thumb";
  if (kind.startsWith("ticket_type")) return "ticket_type";
  if (kind.startsWith("ticket")) return "ticket";
  if (kind.startsWith("alert_rule")) return "alert_rule";
  if (kind.startsWith("alert")) return "alert";
  if (kind.startsWith("routing")) return "routing";
  if (kind.startsWith("personal")) return "personal";
  if (kind.startsWith("quality")) return "quality";
  if (kind.startsWith("whisper")) return "whisper";
  if (kind === "contact.merge") return "merge";
  if (kind === "contact.split") return "split";
  if (kind.startsWith("file")) return "file";
  const part = kind.split(".").at(-1);
  switch (part) {
    case "send":
      return "message";
    case "claim":
    case "decline":
    case "transfer":
    case "take_back":
    case "take_over":
    case "snooze":
    case "wake":
    case "reopen":
    case "resolve":
    case "read":
    case "patch":
      return part;
    case "set":
      return "presence";
    default:
      if (kind === "message.recall") return "recall";
      if (kind.startsWith("note")) return "note";
      if (kind.startsWith("canned")) return "canned";
      return kind.startsWith("message") ? "message" : "other";
  }
};

const Line: FC<{ item: OutboxItem }> = ({ item }) => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const openConversation = useRoutes((routes) => routes.openConversation);
  const { op_id, refused, conversation_id, text, fields, seen_seq } = item;
  const isFile = item.kind === "file.send";
  const isReply = item.kind === "message.send" || isFile;
  const isStale = refused === "stale_reply";
  const kind = t(`outbox.kind.${kindOf(item.kind)}`);
  const what = t("outbox.edit", {
    fields: fields.map((field) => t(`property.field.${field}`)).join(t("outbox.and")),
  });
  // What was written in a group goes with the right to see it; that it was not sent stays.
  const gone = item.kind === "message.send" && text === "" ? t("outbox.textGone") : kind;
  const line = text || (fields.length > 0 ? what : gone);
  const open = () => conversation_id && openConversation(conversation_id);
  const told = (work: Promise<unknown>) =>
    void work.catch((error: unknown) => toast("danger", errorText(t, error)));
  const retry = async () => {
    try {
      await call("outbox.retry", { op_id, seen_seq });
    } catch (error) {
      toast("danger", errorText(t, error));
      if (RpcError.from(error).code === "stale_reply") open();
    }
  };
  const copy = async () => {
    const { text: whole } = await call("outbox.copy", { op_id });
    await navigator.clipboard.writeText(whole);
    toast("plain", t("outbox.copied"));
  };
  const discard = () => told(backToDraft(client, op_id, isReply ? conversation_id : null));
  const onKeyDown = (event: KeyboardEvent<HTMLLIElement>) => {
    if (event.target !== event.currentTarget) return;
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" } as const;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = event.currentTarget[step[event.key]];
      if (next instanceof HTMLElement) next.focus();
    } else if (event.key === "Enter") open();
    else if (event.key === "Delete" && refused) discard();
    else return;
    event.preventDefault();
  };
  return (
    <li
      className={css.line}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a line is gone through and acted on by key
      tabIndex={0}
      onKeyDown={onKeyDown}
      data-testid="outbox-item"
      data-refused={refused ?? undefined}
    >
      <Icon name={refused ? "warn" : "clock"} className={refused ? "danger" : "warning"} />
      <div className="grow">
        <p className="one">{line}</p>
        <p className="small muted one">
          {kind}
          {item.number !== "" && (
            <>
              <i className="sep" />
              {item.name} {item.number}
            </>
          )}
          <i className="sep" />
          <span className="num">{timeOfDay(item.at)}</span>
          {refused && (
            <>
              <i className="sep" />
              <span className="danger">{refusedText(t, refused)}</span>
            </>
          )}
        </p>
      </div>
      {conversation_id && (
        <LinkButton className="small" onClick={open} data-testid="outbox-open">
          {t(isStale ? "outbox.see" : "outbox.open")}
        </LinkButton>
      )}
      {text !== "" && !isFile && (
        <LinkButton className="small" onClick={() => told(copy())} data-testid="outbox-copy">
          {t("outbox.copy")}
        </LinkButton>
      )}
      {refused && (
        <>
          {!isStale && (
            <Button size="sm" onClick={() => void retry()} data-testid="outbox-retry">
              {t("outbox.retry")}
            </Button>
          )}
          <Button size="sm" look="ghost" onClick={discard} data-testid="outbox-discard">
            {t(isReply ? "outbox.toDraft" : "outbox.discard")}
          </Button>
        </>
      )}
    </li>
  );
};
