import { type FC, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import type { TransferTo } from "@/ipc/generated/TransferTo";
import { useTransferTargets } from "@/ipc/queries";
import { cx } from "@/kit/cx";
import { Field } from "@/kit/Field";
import { PresenceMark } from "@/kit/Marks";
import { Tabs } from "@/kit/Tabs";
import { useDesk } from "../store";
import css from "./Transfer.module.css";
import { onlineText, TransferForm } from "./TransferForm";
import { useTransfer } from "./useTransfer";

const PANEL = "transfer-to";
type Kind = "group" | "agent";

/** Gives a conversation to a group or to a colleague, with what they should know. */
export const Transfer: FC<{ view: ConversationView }> = ({ view }) => {
  const open = useDesk((desk) => desk.routing === "transfer");
  return open ? <Inside view={view} /> : null;
};

type Target = { to: TransferTo; key: string; label: string; hint: string; off: boolean };

const Inside: FC<{ view: ConversationView }> = ({ view }) => {
  const { t } = useTranslation();
  const set = useDesk((desk) => desk.set);
  const { data } = useTransferTargets(view.row.id);
  const [kind, setKind] = useState<Kind>("group");
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState("");
  const first = useRef<HTMLInputElement>(null);
  const close = () => set({ routing: null });
  const { busy, send } = useTransfer(view.row.id, close);

  const groups: Target[] = (data?.groups ?? []).map((group) => ({
    to: { kind: "group", group_id: group.id },
    key: group.id,
    label: group.name,
    hint: group.is_here ? t("routing.isHere") : onlineText(t, group.n_online),
    off: false,
  }));
  const agents: Target[] = (data?.agents ?? []).map((agent) => ({
    to: { kind: "agent", agent_id: agent.id },
    key: agent.id,
    label: agent.name,
    hint: [t(`presence.${agent.presence}`), ...agent.groups].join(t("app.comma")),
    off: !agent.may_take,
  }));
  const presences = new Map(data?.agents.map((agent) => [agent.id, agent.presence]));
  const words = query.trim().toLowerCase();
  const shown = (kind === "group" ? groups : agents).filter(({ label, hint }) =>
    `${label} ${hint}`.toLowerCase().includes(words),
  );
  const target = shown.find(({ key, off }) => key === chosen && !off);

  return (
    <TransferForm
      size="lg"
      title={t("routing.transferTitle", { number: view.row.number })}
      text={t("routing.transferText")}
      initialFocus={first}
      ready={target !== undefined}
      busy={busy}
      onSend={(note) => target && void send(target.to, note, target.label)}
      onClose={close}
      testId="transfer"
    >
      <Tabs
        label={t("routing.transferTo")}
        testId="transfer-kind"
        panelId={PANEL}
        value={kind}
        onChange={(next) => {
          setKind(next);
          setChosen("");
        }}
        items={[
          { id: "group", label: t("routing.groups") },
          { id: "agent", label: t("routing.agents") },
        ]}
      />
      <Field
        ref={first}
        label={t("routing.find")}
        hideLabel
        icon="search"
        placeholder={t("routing.find")}
        value={query}
        onChange={(event) => setQuery(event.currentTarget.value)}
        data-testid="transfer-find"
      />
      <div
        id={PANEL}
        role="radiogroup"
        aria-label={t("routing.transferTo")}
        className={cx(css.list, "scroll")}
      >
        {shown.map((each) => (
          <label key={each.key} className={cx(css.option, each.off && css.off)}>
            <input
              type="radio"
              name="transfer-to"
              value={each.key}
              checked={each.key === chosen}
              disabled={each.off}
              onChange={() => setChosen(each.key)}
              data-testid="transfer-target"
            />
            {kind === "agent" && <PresenceMark shape={presences.get(each.key) ?? "offline"} />}
            <span className="grow one">{each.label}</span>
            <span className="small muted one">{each.hint}</span>
          </label>
        ))}
        {shown.length === 0 && <p className={css.none}>{t("routing.noTarget")}</p>}
      </div>
    </TransferForm>
  );
};
