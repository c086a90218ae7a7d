import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyText, useAction } from "@/hotkeys";
import { refusedText } from "@/i18n/words";
import type { BulkAct } from "@/ipc/generated/BulkAct";
import type { Priority } from "@/ipc/generated/Priority";
import { Button, LinkButton } from "@/kit/Button";
import { cx } from "@/kit/cx";
import { Pick } from "@/kit/Pick";
import { BulkTag } from "./BulkTag";
import { BulkTransfer } from "./BulkTransfer";
import css from "./Filter.module.css";
import { useSelection } from "./selection";
import { useBulk } from "./useBulk";

const LEVELS: readonly Priority[] = ["urgent", "high", "normal", "low"];

/** What is done to all rows that are ticked. One that may not be is named, with the reason. */
export const BulkBar: FC = () => {
  const { t } = useTranslation();
  const { ids, failed, clear } = useSelection();
  const { act, busy } = useBulk();
  const [asking, setAsking] = useState<"tag" | "untag" | "transfer" | "priority" | null>(null);
  const done = () => setAsking(null);
  const go = (what: BulkAct) => {
    done();
    void act(what, ids);
  };
  const claim = () => go({ act: "claim" });
  const resolve = () => go({ act: "resolve" });
  const may = ids.length > 0 && !busy;
  const free = may && asking === null;
  useAction("claim", claim, free);
  useAction("resolve", resolve, free);
  useAction("tag", () => setAsking("tag"), free);
  useAction("transfer", () => setAsking("transfer"), free);
  useAction("priority", () => setAsking("priority"), free);
  return (
    <section className={css.bulk} aria-label={t("bulk.label")} data-testid="bulk">
      <div className={css.acts}>
        <span role="status">{t("bulk.chosen", { n: ids.length })}</span>
        <span className="grow" />
        <LinkButton onClick={clear} data-testid="bulk-clear">
          {t("app.cancel")}
        </LinkButton>
      </div>
      {failed.length > 0 && (
        <div className={cx(css.failed, "scroll")} data-testid="bulk-failed">
          {failed.map(({ id, number, code }) => (
            <p key={id}>
              {number} {refusedText(t, code)}
            </p>
          ))}
        </div>
      )}
      {asking === "tag" || asking === "untag" ? (
        <BulkTag
          key={asking}
          removes={asking === "untag"}
          onTag={(tag) =>
            go(
              asking === "tag"
                ? { act: "tag", add: [tag], remove: [] }
                : { act: "tag", add: [], remove: [tag] },
            )
          }
          onClose={done}
        />
      ) : (
        <div className={css.acts}>
          <Button
            size="sm"
            disabled={!may}
            onClick={claim}
            title={keyText("claim")}
            data-testid="bulk-claim"
          >
            {t("bulk.claim")}
          </Button>
          <Button
            size="sm"
            disabled={!may}
            onClick={resolve}
            title={keyText("resolve")}
            data-testid="bulk-resolve"
          >
            {t("bulk.resolve")}
          </Button>
          <Button
            size="sm"
            disabled={!may}
            onClick={() => setAsking("tag")}
            title={keyText("tag")}
            data-testid="bulk-tag"
          >
            {t("bulk.tag")}
          </Button>
          <Button
            size="sm"
            disabled={!may}
            onClick={() => setAsking("untag")}
            data-testid="bulk-untag"
          >
            {t("bulk.untag")}
          </Button>
          <Button
            size="sm"
            disabled={!may}
            onClick={() => setAsking("transfer")}
            title={keyText("transfer")}
            data-testid="bulk-transfer"
          >
            {t("bulk.transfer")}
          </Button>
          <Button
            size="sm"
            disabled={!may}
            onClick={() => setAsking("priority")}
            title={keyText("priority")}
            data-testid="bulk-priority"
          >
            {t("bulk.priority")}
          </Button>
        </div>
      )}
      {asking === "transfer" && (
        <BulkTransfer
          ids={ids}
          onSend={(group_id, note) => go({ act: "transfer", group_id, note })}
          onClose={done}
        />
      )}
      <Pick
        open={asking === "priority"}
        onClose={done}
        label={t("bulk.priority")}
        items={LEVELS.map((id) => ({ id, label: t(`priority.${id}`) }))}
        onPick={(id) => {
          const priority = LEVELS.find((each) => each === id);
          if (priority) go({ act: "priority", priority });
        }}
        emptyText=""
        testId="bulk-priorities"
      />
    </section>
  );
};
