import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyText, useAction } from "@/hotkeys";
import { errorText } from "@/i18n/words";
import type { QaReviewId } from "@/ipc/generated/QaReviewId";
import type { QaView } from "@/ipc/generated/QaView";
import { useReview } from "@/ipc/quality";
import { IconButton, LinkButton } from "@/kit/Button";
import { Tag } from "@/kit/Marks";
import { Notice } from "@/kit/Notice";
import { Stars } from "@/kit/Stars";
import { useRoutes } from "@/routes";
import { ScoreMark } from "../ScoreMark";
import { useWhen } from "../useWhen";
import { reasonText } from "../words";
import { Apart } from "./Apart";
import { Appeal } from "./Appeal";
import { type Doing, evidence, heldMarks, nextPlace } from "./marks";
import { Result } from "./Result";
import css from "./Review.module.css";
import { ScoreForm } from "./ScoreForm";
import { Thread } from "./Thread";
import { useMarking } from "./useMarking";
import { useReviewActs } from "./useReviewActs";

type Props = {
  id: QaReviewId;
  /** To be scored beside the first reviewer, without seeing what they found. */
  blind?: boolean;
  /** It is done with: the next one may follow. */
  onDone?: () => void;
};

/** One review: the conversation, and the form beside it. */
export const Review: FC<Props> = ({ id, blind = false, onDone }) => {
  const { t } = useTranslation();
  const { data: view, error } = useReview(id, blind);
  if (error) return <Notice tone="warning">{errorText(t, error)}</Notice>;
  if (!view) return <div />;
  return <Shown key={view.row.id} view={view} blind={blind} onDone={onDone} />;
};

type ShownProps = { view: QaView; blind: boolean; onDone: (() => void) | undefined };

const Shown: FC<ShownProps> = ({ view, blind, onDone }) => {
  const [sought, setSought] = useState<{ seq: number } | null>(null);
  const seek = (seq: number) => setSought({ seq });
  const places = evidence(view.pre.findings);
  const next = () => {
    const seq = nextPlace(places, sought?.seq ?? null);
    if (seq !== null) seek(seq);
  };
  useAction("qualityEvidence", next, places.length > 0);
  return (
    <section className={css.review} aria-label={view.row.number} data-testid="quality-review">
      <Head view={view} nFound={places.length} onNext={next} />
      <div className={css.panes}>
        <Thread view={view} sought={sought} />
        <Side view={view} blind={blind} onSeek={seek} onDone={onDone} />
      </div>
    </section>
  );
};

type HeadProps = { view: QaView; nFound: number; onNext: () => void };

const Head: FC<HeadProps> = ({ view, nFound, onNext }) => {
  const { t } = useTranslation();
  const openConversation = useRoutes((routes) => routes.openConversation);
  const { row } = view;
  return (
    <header className={css.head}>
      <div className={css.title}>
        <h2 className="one">{row.agent}</h2>
        <span className="muted num">{row.number}</span>
        <span className="muted one">{row.group}</span>
        {row.mark !== null && <Stars score={row.mark} label={t("survey.score", { n: row.mark })} />}
        <span className="grow" />
        {nFound > 0 && (
          <LinkButton onClick={onNext} title={keyText("qualityEvidence")}>
            {t("quality.nFound", { n: nFound })}
          </LinkButton>
        )}
        <IconButton
          icon="arrow"
          label={t("quality.openConversation")}
          onClick={() => openConversation(row.conversation_id)}
        />
      </div>
      <p className={css.reasons}>
        <span className="muted">{t("quality.sampledBy")}</span>
        {row.reasons.map((reason) => (
          <span key={reason.rule_id ?? "picked"} title={reasonText(t, reason)}>
            <Tag>{reason.rule_id === null ? reasonText(t, reason) : reason.name}</Tag>
          </span>
        ))}
        <span className="muted one">{row.form}</span>
        {row.is_pending && <Tag tone="warning">{t("quality.pending")}</Tag>}
      </p>
    </header>
  );
};

type SideProps = ShownProps & { onSeek: (seq: number) => void };

const Side: FC<SideProps> = ({ view, blind, onSeek, onDone }) => {
  const { t } = useTranslation();
  const [changing, setChanging] = useState(false);
  const doing: Doing = blind && view.may_calibrate ? "calibrate" : changing ? "change" : "score";
  const marking = useMarking(view, doing);
  const acts = useReviewActs(view.row.id);
  const { marks, comment } = marking;
  const submit = async () => {
    const done =
      doing === "change"
        ? await acts.change(marks, comment)
        : await acts[doing]({ marks, comment: comment.trim() });
    if (!done) return;
    marking.forget();
    setChanging(false);
    if (doing === "score") onDone?.();
  };
  if (view.may_score || doing !== "score")
    return (
      <ScoreForm
        key={doing}
        view={view}
        marking={marking}
        submitText={t(`quality.submit.${doing}`)}
        commentLabel={t(doing === "change" ? "quality.decideWhy" : "quality.comment")}
        commentNeeded={doing === "change"}
        busy={acts.busy}
        onSubmit={() => void submit()}
        onCancel={doing === "change" ? () => setChanging(false) : undefined}
        onSeek={onSeek}
      />
    );
  // What is to be decided stands above what was marked; the way to appeal below it.
  const appeal = (
    <Appeal
      view={view}
      busy={acts.busy}
      onAppeal={(text) => void acts.appeal(text)}
      onUphold={(reason) => void acts.uphold(reason)}
      onChange={() => setChanging(true)}
    />
  );
  return (
    <div className={css.side}>
      <div className={`${css.form} scroll`}>
        <Top view={view} />
        {view.appeal && appeal}
        <Marks view={view} onSeek={onSeek} />
        {!view.appeal && appeal}
        {(blind || view.calibrations.length > 0) && <Apart view={view} />}
      </div>
    </div>
  );
};

/** The score that holds, who gave it, and what they say to the agent. */
const Top: FC<{ view: QaView }> = ({ view }) => {
  const { t } = useTranslation();
  const when = useWhen();
  const { scored, row } = view;
  if (!scored || !row.score)
    return (
      <p className={css.top}>
        <span className="soft grow">{t("quality.notYet")}</span>
        <ScoreMark score={view.pre.score} />
      </p>
    );
  return (
    <>
      <p className={css.top}>
        <ScoreMark score={row.score} large testId="quality-result" />
        <span className="small muted">
          {t("quality.scoredBy", { name: scored.by.name, at: when(scored.by.at) })}
        </span>
      </p>
      {scored.comment !== "" && <p className={css.quote}>{scored.comment}</p>}
    </>
  );
};

const Marks: FC<{ view: QaView; onSeek: (seq: number) => void }> = ({ view, onSeek }) => (
  <Result view={view} marks={heldMarks(view) ?? view.pre.marks} onSeek={onSeek} />
);
