import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { create } from "zustand";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import { stage } from "@/ipc/files";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import type { FileView } from "@/ipc/generated/FileView";
import { keys } from "@/ipc/keys";
import { toast } from "@/kit/Notice";
import { onNextAgent } from "@/lib/agent";
import { uuidv7 } from "@/lib/uuid";
import { RpcError } from "@/platform";

/** Most files that wait beside one reply. */
const MOST = 9;
const MAX_BYTES = 20 * 1024 * 1024;

/** A file on its way from the system to the console. */
type Coming = { id: string; name: string; done: number; stop: AbortController };

const useComing = create<{ all: Record<ConversationId, readonly Coming[]> }>(() => ({ all: {} }));
onNextAgent(() => {
  for (const one of Object.values(useComing.getState().all).flat()) one.stop.abort();
  useComing.setState({ all: {} });
});
const NONE: readonly Coming[] = [];
const NO_FILES: readonly FileView[] = [];

const change = (id: ConversationId, next: (coming: readonly Coming[]) => readonly Coming[]) =>
  useComing.setState(({ all }) => ({ all: { ...all, [id]: next(all[id] ?? NONE) } }));

/** The files that wait beside the reply of a conversation. */
export function useStaged(id: ConversationId) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const coming = useComing(({ all }) => all[id] ?? NONE);
  const { data } = useQuery({
    queryKey: keys.staged(id),
    queryFn: () => call("file.list", { conversation_id: id }),
  });
  const files = data?.files ?? NO_FILES;
  const look = () => client.invalidateQueries({ queryKey: keys.staged(id) });
  const fail = (error: unknown) => toast("danger", errorText(t, error));

  const take = async (file: File) => {
    const one: Coming = { id: uuidv7(), name: file.name, done: 0, stop: new AbortController() };
    change(id, (all) => [...all, one]);
    const tell = (done: number) =>
      change(id, (all) => all.map((each) => (each.id === one.id ? { ...each, done } : each)));
    try {
      await stage(one.id, id, file, tell, one.stop.signal);
      await look();
    } catch (error) {
      const { code } = RpcError.from(error);
      // What is wrong with a file is said of the file; the rest as always.
      const own = code === "too_large" || code === "file_type" || code === "file_damaged";
      if (own || code === "empty") toast("danger", t(`file.${code}`, { name: file.name }));
      else fail(error);
    }
    change(id, (all) => all.filter((each) => each.id !== one.id));
  };

  const add = (chosen: readonly File[]) => {
    const room = MOST - files.length - coming.length;
    if (chosen.length > room) toast("warning", t("file.tooMany", { n: MOST }));
    for (const file of chosen.slice(0, Math.max(0, room)))
      if (file.size > MAX_BYTES) toast("danger", t("file.too_large", { name: file.name }));
      else void take(file);
  };

  const drop = (file: string) => {
    coming.find((each) => each.id === file)?.stop.abort();
    call("file.drop", { file_id: file }).then(look, fail);
  };

  /** Sends all that wait, in their order; what is refused stays. */
  const sendAll = async (seenSeq: number): Promise<boolean> => {
    try {
      for (const file of files) {
        const sent = await call("file.send", {
          file_id: file.id,
          conversation_id: id,
          message_id: uuidv7(),
          seen_seq: seenSeq,
        });
        client.setQueryData(
          keys.conversation(id),
          (view: ConversationView | undefined) =>
            view &&
            (view.messages.some((message) => message.id === sent.id)
              ? view
              : { ...view, messages: [...view.messages, sent] }),
        );
      }
      return true;
    } catch (error) {
      fail(error);
      return false;
    } finally {
      await look();
    }
  };
  return { files, coming, add, drop, sendAll };
}

/** Files that were pasted or dropped; none where something else was. */
export function filesOf(data: DataTransfer | null): File[] {
  return data ? Array.from(data.files) : [];
}
