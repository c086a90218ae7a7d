import { useQueryClient } from "@tanstack/react-query";
import { type FC, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyText, useAction } from "@/hotkeys";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { LivePart } from "@/ipc/generated/LivePart";
import type { LiveView } from "@/ipc/generated/LiveView";
import { keys } from "@/ipc/keys";
import { LIVE_WINDOW, useLiveWindows } from "@/ipc/people";
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
  const [nWindows, setWindows] = useState(1);
  const [at, setAt] = useState(0);
  const { data, error } = useLiveWindows({ part, group: group || null, agent }, nWindows);
  const rows = data?.rows ?? [];
  const current = Math.min(at, Math.max(0, rows.length - 1));
  const chosen = rows[current];
  // Another part begins at its top.
  const place = `${part} ${group} ${agent}`;
  const [before, setBefore] = useState(place);
  if (before !== place) {
    setBefore(place);
    setAt(0);
    setWindows(1);
  }
  useEffect(() => {
    document.querySelector(`[data-live="${current}"]`)?.scrollIntoView({ block: "nearest" });
  }, [current]);
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
  const left = data ? data.total - rows.length : 0;
  const more = () => setWindows(Math.ceil(rows.length / LIVE_WINDOW) + 1);
  const go = (to: number) => {
    if (to >= rows.length && left > 0) more();
    setAt(Math.min(rows.length - 1, Math.max(0, to)));
  };
  const step = (by: number) => go(current + by);
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
          className={`${css.rows} scroll`}
        >
          {error && <p className={css.wrong}>{errorText(t, error)}</p>}
          {data && rows.length === 0 && (
            <EmptyState icon="eye" title={t("live.noneTitle")} text={t("live.noneText")} />
          )}
          {rows.length > 0 && (
            <Rows rows={rows} at={current} onAt={go} onOpen={(id) => openConversation(id)} />
          )}
          {left > 0 && (
            <p className={css.more}>
              <Button look="ghost" onClick={more} data-testid="live-more">
                {t("live.more", { n: left })}
              </Button>
            </p>
          )}
        </section>
      </ListDetail>
    </Room>
  );
};

const parts = (data: LiveView | undefined): [LivePart, number][] => {
  const { n_agents = 0, n_queue = 0, n_bot = 0 } = data ?? {};
  return [
    ["agents", n_agents],
    ["queue", n_queue],
    ["bot", n_bot],
    ["all", n_agents + n_queue + n_bot],
  ];
};
