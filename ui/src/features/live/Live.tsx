import { useQueryClient } from "@tanstack/react-query";
import { type FC, useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyText, useAction } from "@/hotkeys";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { LivePart } from "@/ipc/generated/LivePart";
import type { LiveView } from "@/ipc/generated/LiveView";
import { keys } from "@/ipc/keys";
import { useLiveWindows } from "@/ipc/people";
import { Button } from "@/kit/Button";
import { EmptyState } from "@/kit/EmptyState";
import { ListDetail } from "@/kit/ListDetail";
import { toast } from "@/kit/Notice";
import { Room } from "@/kit/Room";
import { Select } from "@/kit/Select";
import { Tabs } from "@/kit/Tabs";
import { useRoutes } from "@/routes";
import { Agents } from "./Agents";
import css from "./Live.module.css";
import { Rows } from "./Rows";

const PANEL = "live-panel";

/** What goes on in the groups of a lead: who waits, who has what; from here they look on. */
export const Live: FC = () => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const openConversation = useRoutes((routes) => routes.openConversation);
  const [part, setPart] = useState<LivePart>("agents");
  const [group, setGroup] = useState("");
  const [agent, setAgent] = useState<string | null>(null);
  const [sight, setSight] = useState({ from: 0, to: 0 });
  // The one that is stood on, and where it was: another stands there when it has gone.
  const [at, setAt] = useState<{ id: string | null; n: number }>({ id: null, n: 0 });
  const { data, error } = useLiveWindows({ part, group: group || null, agent }, sight, at.n);
  const rows = data?.rows ?? [];
  const found = rows.findIndex((live) => live !== undefined && live.row.id === at.id);
  const current = found >= 0 ? found : Math.min(at.n, Math.max(0, rows.length - 1));
  const chosen = rows[current];
  // It moves as others come and go.
  if (data && current !== at.n) setAt({ id: at.id, n: current });
  // Another part begins at its top.
  const place = `${part} ${group} ${agent}`;
  const [before, setBefore] = useState(place);
  if (before !== place) {
    setBefore(place);
    setAt({ id: null, n: 0 });
    setSight({ from: 0, to: 0 });
  }
  const onRange = useCallback((from: number, to: number) => setSight({ from, to }), []);
  const stand = useCallback(
    (id: string) => setAt({ id, n: rows.findIndex((live) => live?.row.id === id) }),
    [rows],
  );
  const takeOver = async () => {
    if (!chosen) return;
    const { id } = chosen.row;
    try {
      const view = await call("conversation.take_over", { conversation_id: id });
      client.setQueryData(keys.conversation(id), view);
      toast("success", t("routing.tookOver"));
      openConversation(id);
    } catch (failure) {
      toast("danger", errorText(t, failure));
    }
  };
  const step = (by: number) => {
    const next = rows[current + by];
    if (next) stand(next.row.id);
  };
  useAction("next", () => step(1), rows.length > 0);
  useAction("previous", () => step(-1), rows.length > 0);
  const held = chosen?.row.handler.kind === "colleague";
  useAction("takeOver", () => void takeOver(), held);
  useAction("observe", () => chosen && openConversation(chosen.row.id), chosen !== undefined);

  return (
    <Room
      title={t("live.title")}
      testId="live"
      head={
        <>
          <Tabs
            label={t("live.parts")}
            panelId={PANEL}
            testId="live"
            value={part}
            onChange={setPart}
            items={parts(data).map(([id, count]) => ({ id, label: t(`live.part.${id}`), count }))}
          />
          <span className="grow" />
          {(data?.groups.length ?? 0) > 1 && (
            <Select
              label={t("live.group")}
              value={group}
              onChange={setGroup}
              items={[
                { id: "", label: t("live.allGroups") },
                ...(data?.groups ?? []).map(({ id, name }) => ({ id, label: name })),
              ]}
            />
          )}
          <Button
            icon="users"
            disabled={!held}
            onClick={() => void takeOver()}
            title={keyText("takeOver")}
            data-testid="live-take-over"
          >
            {t("routing.takeOver")}
          </Button>
          <Button
            look="primary"
            icon="eye"
            disabled={!chosen}
            onClick={() => chosen && openConversation(chosen.row.id)}
            title={keyText("observe")}
            data-testid="live-observe"
          >
            {t("live.observe")}
          </Button>
        </>
      }
    >
      <ListDetail
        label={t("live.agents")}
        size="narrow"
        list={<Agents agents={data?.agents ?? []} chosen={agent} onChoose={setAgent} />}
      >
        <section
          id={PANEL}
          role="tabpanel"
          aria-label={t(`live.part.${part}`)}
          className={css.panel}
        >
          {error && <p className={css.wrong}>{errorText(t, error)}</p>}
          {data && rows.length === 0 && (
            <EmptyState icon="eye" title={t("live.noneTitle")} text={t("live.noneText")} />
          )}
          {rows.length > 0 && (
            <Rows
              key={place}
              rows={rows}
              active={chosen?.row.id ?? null}
              goneTo={at.id}
              onActive={stand}
              onOpen={(id) => openConversation(id)}
              onRange={onRange}
            />
          )}
        </section>
      </ListDetail>
    </Room>
  );
};

const parts = (
  data: Pick<LiveView, "n_agents" | "n_queue" | "n_bot"> | undefined,
): [LivePart, number][] => {
  const { n_agents = 0, n_queue = 0, n_bot = 0 } = data ?? {};
  return [
    ["agents", n_agents],
    ["queue", n_queue],
    ["bot", n_bot],
    ["all", n_agents + n_queue + n_bot],
  ];
};
