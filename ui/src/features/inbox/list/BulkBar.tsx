import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText, refusedText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { BulkAct } from "@/ipc/generated/BulkAct";
import type { BulkFailure } from "@/ipc/generated/BulkFailure";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import type { GroupId } from "@/ipc/generated/GroupId";
import type { Priority } from "@/ipc/generated/Priority";
import { useInboxChoices, useTransferTargets } from "@/ipc/queries";
import { Button, LinkButton } from "@/kit/Button";
import { cx } from "@/kit/cx";
import { LineField } from "@/kit/FormField";
import { Menu, MenuItem } from "@/kit/Menu";
import { toast } from "@/kit/Notice";
import { composing } from "@/lib/ime";
import { saidUndoable } from "@/parts/undo";
import { useDesk } from "../store";
import css from "./Filter.module.css";
import { useSelection } from "./selection";

const LEVELS: readonly Priority[] = ["urgent", "high", "normal", "low"];

/** What is done to all rows that are ticked. One that may not be is named, with the reason. */
export const BulkBar: FC = () => {
  const { t } = useTranslation();
  const { ids, clear, all } = useSelection();
  const [busy, setBusy] = useState(false);
  const [tag, setTag] = useState<string | null>(null);
  const [failed, setFailed] = useState<BulkFailure[]>([]);
  const { data } = useInboxChoices(tag !== null);
  const act = async (what: BulkAct, which: readonly ConversationId[] = ids) => {
    setBusy(true);
    setTag(null);
    try {
      const args = { ids: [...which], act: what };
      const { done, failed: rest, ids: moved } = await call("conversation.bulk", args);
      const said = t(`bulk.done.${what.act}`, { n: done });
      if (done > 0 && what.act === "transfer") undoable(said, moved);
      else if (done > 0) toast("success", said);
      setFailed(rest);
      if (rest.length === 0) clear();
      else all(rest.map(({ id }) => id));
    } catch (error) {
      toast("danger", errorText(t, error));
    }
    setBusy(false);
  };
  /** What was given away may be taken back while nobody has it. */
  const undoable = (said: string, moved: ConversationId[]) => {
    saidUndoable(useDesk, {
      tone: "success",
      text: said,
      label: t("property.undo"),
      ids: moved,
      back: () => void act({ act: "take_back" }, moved),
    });
  };
  const addTag = () => {
    if (tag && tag.trim() !== "") void act({ act: "tag", add: [tag.trim()], remove: [] });
  };
  const none = ids.length === 0 || busy;
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
      {tag !== null ? (
        <div className={css.save}>
          <LineField
            autoFocus
            label={t("bulk.tagName")}
            hideLabel
            placeholder={t("bulk.tagName")}
            list="bulk-tags"
            maxLength={24}
            value={tag}
            onChange={(event) => setTag(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (composing(event.nativeEvent)) return;
              if (event.key === "Enter") addTag();
              if (event.key === "Escape") {
                event.stopPropagation();
                setTag(null);
              }
            }}
            data-testid="bulk-tag-name"
          />
          <datalist id="bulk-tags">
            {data?.tags.map((known) => (
              <option key={known.tag} value={known.tag} />
            ))}
          </datalist>
          <Button size="sm" onClick={addTag} data-testid="bulk-tag-add">
            {t("bulk.addTag")}
          </Button>
        </div>
      ) : (
        <div className={css.acts}>
          <Button
            size="sm"
            disabled={none}
            onClick={() => void act({ act: "claim" })}
            data-testid="bulk-claim"
          >
            {t("bulk.claim")}
          </Button>
          <Button
            size="sm"
            disabled={none}
            onClick={() => void act({ act: "resolve" })}
            data-testid="bulk-resolve"
          >
            {t("bulk.resolve")}
          </Button>
          <Button size="sm" disabled={none} onClick={() => setTag("")} data-testid="bulk-tag">
            {t("bulk.tag")}
          </Button>
          <Menu
            label={t("bulk.transfer")}
            trigger={
              <Button size="sm" disabled={none} data-testid="bulk-transfer">
                {t("bulk.transfer")}
              </Button>
            }
          >
            <Groups id={ids[0]} onPick={(group_id) => void act({ act: "transfer", group_id })} />
          </Menu>
          <Menu
            label={t("bulk.priority")}
            trigger={
              <Button size="sm" disabled={none} data-testid="bulk-priority">
                {t("bulk.priority")}
              </Button>
            }
          >
            {LEVELS.map((priority) => (
              <MenuItem key={priority} onSelect={() => void act({ act: "priority", priority })}>
                {t(`priority.${priority}`)}
              </MenuItem>
            ))}
          </Menu>
        </div>
      )}
    </section>
  );
};

/** The groups that conversations may be given to. */
const Groups: FC<{ id: ConversationId | undefined; onPick: (group: GroupId) => void }> = ({
  id = "",
  onPick,
}) => {
  const { data } = useTransferTargets(id);
  return (data?.groups ?? []).map((group) => (
    <MenuItem key={group.id} onSelect={() => onPick(group.id)} testId="bulk-group">
      {group.name}
    </MenuItem>
  ));
};
