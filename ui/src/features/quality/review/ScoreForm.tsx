import { type FC, type KeyboardEvent, useRef } from "react";
import { useTranslation } from "react-i18next";
import { keyText, useAction } from "@/hotkeys";
import type { QaView } from "@/ipc/generated/QaView";
import { useSum } from "@/ipc/quality";
import { Button, LinkButton } from "@/kit/Button";
import { AreaField } from "@/kit/FormField";
import { Notice } from "@/kit/Notice";
import { composing } from "@/lib/ime";
import { useDebounced } from "@/lib/useDebounced";
import { ScoreMark } from "../ScoreMark";
import { scoreText } from "../words";
import itemCss from "./Item.module.css";
import { ItemField } from "./ItemField";
import { findingsOf, markOf, partsOf } from "./marks";
import css from "./Review.module.css";
import type { Marking } from "./useMarking";

/** As long as a comment may be, in characters. */
const MOST_CHARS = 500;
const SUM_AFTER_MS = 120;

type Props = {
  view: QaView;
  marking: Marking;
  submitText: string;
  commentLabel: string;
  /** Nothing is sent without words. */
  commentNeeded?: boolean;
  busy: boolean;
  onSubmit: () => void;
  onCancel?: (() => void) | undefined;
  onSeek: (seq: number) => void;
};

/** The form to score by: arrows go from item to item, digits mark, one key sends. */
export const ScoreForm: FC<Props> = (props) => {
  const { view, marking, submitText, commentNeeded = false, busy, onSubmit, onSeek } = props;
  const { t } = useTranslation();
  const form = useRef<HTMLDivElement>(null);
  const settled = useDebounced(marking.marks, SUM_AFTER_MS);
  const sum = useSum({ review_id: view.row.id, marks: settled }).data;
  const isFit = sum?.problem == null && (!commentNeeded || marking.comment.trim() !== "");
  useAction("qualitySave", onSubmit, isFit && !busy);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" || event.key === "Enter" ? 1 : -1;
    const isStep = step === 1 || event.key === "ArrowUp";
    const { altKey, ctrlKey, metaKey, shiftKey } = event;
    if (!isStep || altKey || ctrlKey || metaKey || shiftKey || composing(event.nativeEvent)) return;
    const fields: EventTarget[] = [...(form.current?.querySelectorAll<HTMLElement>(FIELDS) ?? [])];
    const at = fields.indexOf(event.target);
    if (at < 0) return;
    event.preventDefault();
    const next = fields[at + step];
    if (next instanceof HTMLElement) next.focus();
  };
  return (
    <div className={css.side}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys between the fields inside */}
      <div className={`${css.form} scroll`} ref={form} onKeyDown={onKeyDown}>
        {marking.isOld && <Notice testId="quality-old">{t("quality.endedAgain")}</Notice>}
        {partsOf(view.form.draft.items).map(({ part, items }) => (
          <section key={items[0]?.id} className={itemCss.part} aria-label={part}>
            {part !== "" && <h3>{part}</h3>}
            {items.map((item) => {
              const mark = markOf(marking.marks, item.id);
              return (
                mark && (
                  <ItemField
                    key={item.id}
                    item={item}
                    mark={mark}
                    findings={findingsOf(view.pre.findings, item.id)}
                    onMark={(change) => marking.mark(item.id, change)}
                    onSeek={onSeek}
                  />
                )
              );
            })}
          </section>
        ))}
        <div className={css.comment}>
          <AreaField
            label={props.commentLabel}
            value={marking.comment}
            maxLength={MOST_CHARS}
            required={commentNeeded}
            requiredText={commentNeeded ? t("quality.needed") : undefined}
            onChange={(event) => marking.say(event.currentTarget.value)}
            data-testid="quality-comment"
          />
        </div>
      </div>
      <footer className={css.foot}>
        <div className={css.total}>
          {sum?.score ? (
            <ScoreMark score={sum.score} large testId="quality-total" />
          ) : (
            <span className="small muted">
              {sum?.problem && t(`quality.problem.${sum.problem}`)}
            </span>
          )}
          <span className="small muted">
            {t("quality.preWas", { score: scoreText(view.pre.score.tenths) })}
            {marking.isTouched && (
              <>
                <i className="sep" />
                <LinkButton onClick={marking.forget}>{t("quality.reset")}</LinkButton>
              </>
            )}
          </span>
        </div>
        {props.onCancel && <Button onClick={props.onCancel}>{t("app.cancel")}</Button>}
        <Button
          look="primary"
          keys={keyText("qualitySave")}
          busy={busy}
          disabled={!isFit}
          onClick={onSubmit}
          data-testid="quality-submit"
        >
          {submitText}
        </Button>
      </footer>
    </div>
  );
};

/** One field of each item, in the order of the form. */
const FIELDS = "input[data-item], input[role=switch]";
