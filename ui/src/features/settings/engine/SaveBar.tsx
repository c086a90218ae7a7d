import { useQueryClient } from "@tanstack/react-query";
import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyText, useAction } from "@/hotkeys";
import { errorText, refusedText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { EngineView } from "@/ipc/generated/EngineView";
import { keys } from "@/ipc/keys";
import { Button, LinkButton } from "@/kit/Button";
import { Notice, toast } from "@/kit/Notice";
import css from "./Engine.module.css";
import type { EngineEdit } from "./useEngineEdit";

type Props = { view: EngineView; edit: EngineEdit; readOnly: boolean };

/** Whether something is unsaved, being saved or refused, and the buttons for it. */
export const SaveBar: FC<Props> = ({ view, edit, readOnly }) => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const { saving } = view;
  const waiting = busy || saving.kind === "waiting";
  const changed = edit.dirty && edit.base !== view.version;
  const { total, pending } = edit.problems;
  const ok = edit.dirty && !readOnly && !waiting && !changed && total === 0 && !pending;
  const told = async (work: Promise<EngineView>) => {
    setBusy(true);
    try {
      client.setQueryData(keys.engine, await work);
    } catch (error) {
      toast("danger", errorText(t, error));
    } finally {
      setBusy(false);
    }
  };
  const save = () => void told(call("engine.save", { base: edit.base, draft: edit.draft }));
  const giveUp = (op_id: string) =>
    void call("outbox.discard", { op_id }).catch((error: unknown) =>
      toast("danger", errorText(t, error)),
    );
  useAction("engineSave", save, ok);
  return (
    <div className={css.save}>
      {changed && (
        <Notice
          tone="warning"
          testId="engine-changed"
          action={
            <>
              <LinkButton onClick={edit.reload}>{t("engine.takeNew")}</LinkButton>
              <LinkButton onClick={edit.rebase}>{t("engine.keepMine")}</LinkButton>
            </>
          }
        >
          {t("engine.changed", { n: view.version })}
        </Notice>
      )}
      {saving.kind === "refused" && (
        <Notice
          tone="danger"
          testId="engine-refused"
          action={
            <LinkButton onClick={() => giveUp(saving.op_id)}>{t("outbox.discard")}</LinkButton>
          }
        >
          {t("engine.refused", { why: refusedText(t, saving.code) })}
        </Notice>
      )}
      <div className={css.bar}>
        <p className="grow soft" role="status" data-testid="engine-state">
          {waiting
            ? t("engine.saving")
            : total > 0
              ? t("engine.problems", { n: total })
              : edit.dirty
                ? t("engine.dirty")
                : t(view.version === 0 ? "engine.asShipped" : "engine.saved", { n: view.version })}
        </p>
        <Button disabled={!edit.dirty || waiting} onClick={edit.reload}>
          {t("engine.undo")}
        </Button>
        <Button
          look="primary"
          busy={waiting}
          disabled={!ok}
          keys={keyText("engineSave")}
          onClick={save}
          data-testid="engine-save"
        >
          {t("engine.save")}
        </Button>
      </div>
    </div>
  );
};
