import type { CommandName } from "@/ipc/generated/Commands";
import type { FormDraft } from "@/ipc/generated/FormDraft";
import type { FormProblem } from "@/ipc/generated/FormProblem";
import type { MessageView } from "@/ipc/generated/MessageView";
import type { QaFormView } from "@/ipc/generated/QaFormView";
import type { QaRuleView } from "@/ipc/generated/QaRuleView";
import type { QaSum } from "@/ipc/generated/QaSum";
import type { QaView } from "@/ipc/generated/QaView";
import type { SampleDraft } from "@/ipc/generated/SampleDraft";
import type { SampleProblem } from "@/ipc/generated/SampleProblem";
import type { Tag } from "@/ipc/generated/Tag";
import { uuidv7 } from "@/lib/uuid";
import type { Data, Handlers } from "./fixture";
import { FORM_ID, form, GROUP, reviews, rules, scoreOf, thread } from "./fixture-quality-data";
import { RpcError } from "./platform";

/** Reviews, and what they are made by. */
export type QualityData = {
  reviews: QaView[];
  forms: QaFormView[];
  rules: QaRuleView[];
  /** What was said in conversations that were sampled. */
  threads: Record<string, MessageView[]>;
};

export const someReviews = (now: number): QualityData => ({
  reviews: reviews(now),
  forms: [
    {
      id: FORM_ID,
      edition: 1,
      draft: form(),
      weight: 100,
      n_rules: 4,
      by: "",
      at: now,
      is_pending: false,
    },
  ],
  rules: rules().map(({ id, draft }) => ({
    id,
    edition: 1,
    draft,
    group: "",
    form: form().name,
    by: "",
    at: now,
    is_pending: false,
  })),
  threads: thread(now),
});

function formProblems({ name, items, pass_tenths }: FormDraft): FormProblem[] {
  const out: FormProblem[] = [];
  if ([name, ...items.map((each) => each.name)].some((each) => each.trim() === ""))
    out.push("no_name");
  if (items.length === 0) out.push("items");
  if (!items.some(({ kind }) => kind.kind === "points")) out.push("weight");
  if (pass_tenths > 1_000) out.push("pass");
  if (items.some(({ auto }) => auto && "words" in auto && auto.words.length === 0))
    out.push("auto");
  return out;
}

function ruleProblems({ name, by }: SampleDraft): SampleProblem[] {
  const out: SampleProblem[] = [];
  if (name.trim() === "") out.push("no_name");
  if (by.kind === "words" && by.words.length === 0) out.push("words");
  if (by.kind === "long" && by.messages === 0 && by.minutes === 0) out.push("length");
  return out;
}

function sumOf(views: readonly QaView[]): QaSum {
  const scores = views.flatMap(({ row }) => (row.score ? [row.score] : []));
  const sum = scores.reduce((all, { tenths }) => all + tenths, 0);
  return {
    n: scores.length,
    n_passed: scores.filter(({ verdict }) => verdict === "passed").length,
    n_vetoed: scores.filter(({ verdict }) => verdict === "vetoed").length,
    mean_tenths: scores.length === 0 ? null : Math.round(sum / scores.length),
  };
}

/** The commands of quality, on what is in memory. */
export function qualityHandlers(
  data: Data,
  changed: (...tags: Tag[]) => void,
): Pick<Handlers, CommandName & `quality.${string}`> {
  const { quality } = data;
  const me = () => (data.session.phase === "ready" ? data.session.me : undefined);
  const reviewsOthers = () => me()?.role === "admin" || me()?.role === "team_lead";
  const seen = (view: QaView, blind = false): QaView => {
    const isOwn = view.row.agent_id === me()?.id;
    const mayReview = reviewsOthers() && !isOwn;
    const mayCalibrate =
      mayReview &&
      view.scored !== null &&
      view.scored.by.agent !== me()?.id &&
      !view.calibrations.some(({ scored }) => scored.by.agent === me()?.id);
    const hides = blind && mayCalibrate;
    return {
      ...view,
      row: hides ? { ...view.row, score: null, reviewer: "" } : view.row,
      scored: hides ? null : view.scored,
      appeal: hides ? null : view.appeal,
      calibrations: hides || !mayReview ? [] : view.calibrations,
      may_score: mayReview && view.scored === null,
      may_calibrate: mayCalibrate,
      may_appeal: isOwn && view.scored !== null && view.appeal === null,
      may_decide: mayReview && view.appeal !== null && view.appeal.decision === null,
    };
  };
  const find = (id: string) => {
    const found = quality.reviews.find(({ row }) => row.id === id);
    if (!found) throw new RpcError("not_found", "no such review", false, "");
    return found;
  };
  const by = () => ({
    agent: me()?.id ?? "",
    name: me()?.display_name ?? "",
    at: Date.now(),
  });
  const put = (id: string, change: Partial<QaView>, row: Partial<QaView["row"]> = {}): QaView => {
    quality.reviews = quality.reviews.map((view) =>
      view.row.id === id ? { ...view, ...change, row: { ...view.row, ...row } } : view,
    );
    changed({ tag: "quality" });
    return seen(find(id));
  };
  const isOver = (known: { edition: number } | undefined, base: number) => {
    if (known && known.edition > base)
      throw new RpcError("changed_meanwhile", "somebody changed it", false, "");
  };
  const formsView = () => ({ forms: quality.forms, may_manage: me()?.role === "admin" });
  const rulesView = () => ({
    rules: quality.rules,
    forms: quality.forms.map(({ id, draft }) => ({
      id,
      name: draft.name,
      enabled: draft.enabled,
    })),
    groups: [GROUP],
    may_manage: me()?.role === "admin",
  });
  return {
    "quality.list": ({ scope, agent, from = 0, limit }) => {
      const others = quality.reviews.filter(({ row }) => row.agent_id !== me()?.id);
      const parts = {
        todo: others.filter(({ row }) => row.state === "open"),
        appeals: others.filter(({ row }) => row.state === "appealed"),
        done: quality.reviews.filter(({ row }) => row.state !== "open"),
        calibrate: others.filter(({ row }) => row.state !== "open"),
        all: quality.reviews,
      };
      const names = new Map(quality.reviews.map(({ row }) => [row.agent_id, row.agent]));
      const found = parts[scope].filter(({ row }) => agent === undefined || row.agent_id === agent);
      return {
        items: found.slice(from, from + limit).map(({ row }) => row),
        total: found.length,
        n_todo: parts.todo.length,
        n_appeals: parts.appeals.length,
        agents: [...names].map(([id, name]) => ({
          agent: id,
          name,
          sum: sumOf(quality.reviews.filter(({ row }) => row.agent_id === id)),
        })),
        may_manage: me()?.role === "admin",
        as_of: Date.now(),
      };
    },
    "quality.get": ({ review_id, blind }) => seen(find(review_id), blind),
    "quality.of_conversation": ({ conversation_id }) => {
      const known = quality.reviews.find(({ row }) => row.conversation_id === conversation_id);
      const row = data.rows.find(({ id }) => id === conversation_id);
      const hasEnded = row?.status === "resolved" || row?.status === "closed";
      const isOwn = known?.row.agent_id === me()?.id;
      const taken = isOwn ? "own_work" : "already_picked";
      const not = known ? taken : hasEnded ? null : "not_resolved";
      return {
        // Nobody hears of a review of their own work before it is done.
        review_id: known && !(isOwn && known.scored === null) ? known.row.id : null,
        not_picked: not,
        forms: rulesView().forms.filter(({ enabled }) => enabled),
      };
    },
    "quality.pick": ({ conversation_id, form_id }) => {
      const [like] = quality.reviews;
      const known = quality.forms.find(({ id }) => id === form_id);
      if (!like || !known) throw new RpcError("not_found", "no such form", false, "");
      const used = { id: known.id, edition: known.edition, draft: known.draft };
      const marks = like.pre.marks.filter(({ item }) =>
        known.draft.items.some(({ id }) => id === item),
      );
      const why = { rule_id: null, name: by().name, why: { kind: "picked" as const } };
      const view: QaView = {
        ...like,
        row: {
          ...like.row,
          id: uuidv7(),
          conversation_id,
          number: data.rows.find(({ id }) => id === conversation_id)?.number ?? "",
          reasons: [why],
          mark: null,
          state: "open",
          form: known.draft.name,
          score: null,
          sampled_at: Date.now(),
          is_pending: true,
        },
        form: used,
        pre: { ...like.pre, marks, score: scoreOf(known.draft, marks) },
      };
      quality.reviews = [...quality.reviews, view];
      changed({ tag: "quality" });
      return seen(view);
    },
    "quality.sum": ({ review_id, marks }) => ({
      score: scoreOf(find(review_id).form.draft, marks),
      problem: null,
    }),
    "quality.score": ({ review_id, marks, comment }) => {
      const score = scoreOf(find(review_id).form.draft, marks);
      return put(
        review_id,
        { scored: { by: by(), marks, score, comment } },
        { state: "done", score, scored_at: Date.now(), reviewer: by().name },
      );
    },
    "quality.calibrate": ({ review_id, marks, comment }) => {
      const view = find(review_id);
      const score = scoreOf(view.form.draft, marks);
      const apart_tenths = score.tenths - (view.scored?.score.tenths ?? 0);
      const scored = { by: by(), marks, score, comment };
      const same = { scored, apart_tenths, items: [], n_same: marks.length };
      return put(review_id, { calibrations: [...view.calibrations, same] });
    },
    "quality.appeal": ({ review_id, text }) =>
      put(review_id, { appeal: { text, at: Date.now(), decision: null } }, { state: "appealed" }),
    "quality.decide": ({ review_id, marks, reason }) => {
      const view = find(review_id);
      const changed_ = marks && { marks, score: scoreOf(view.form.draft, marks) };
      const decision = { by: by(), reason, changed: changed_ ?? null };
      return put(
        review_id,
        { appeal: view.appeal && { ...view.appeal, decision } },
        { state: "decided", ...(changed_ && { score: changed_.score }) },
      );
    },
    "quality.mine": ({ days }) => {
      const from = Date.now() - days * 86_400_000;
      const own = quality.reviews.filter(
        ({ row }) => row.agent_id === me()?.id && (row.scored_at ?? 0) > from,
      );
      return {
        sum: sumOf(own),
        items: own.slice(0, 500).map(({ row }) => row),
        total: own.length,
        losses:
          own.length === 0
            ? []
            : [
                { item: "响应及时", n: 1, points: 10 },
                { item: "用语文明", n: 1, points: 5 },
                { item: "承诺有据", n: 1, points: 5 },
              ],
        as_of: Date.now(),
      };
    },
    "quality.months": ({ months, group }) => {
      const now = new Date();
      const begins = Array.from({ length: months }, (_, n) =>
        new Date(now.getFullYear(), now.getMonth() - (months - 1 - n), 1).getTime(),
      );
      const scored = quality.reviews.filter(
        ({ row }) =>
          row.scored_at !== null && (group === undefined || (group === GROUP.id && row.group)),
      );
      const inMonth = (views: readonly QaView[], n: number) =>
        views.filter(({ row }) => {
          const at = row.scored_at ?? 0;
          return at >= (begins[n] ?? 0) && at < (begins[n + 1] ?? Number.POSITIVE_INFINITY);
        });
      const names = new Map(scored.map(({ row }) => [row.agent_id, row.agent]));
      return {
        months: begins.map((at) => {
          const day = new Date(at);
          return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, "0")}`;
        }),
        all: begins.map((_, n) => sumOf(inMonth(scored, n))),
        agents: [...names].map(([agent, name]) => {
          const own = scored.filter(({ row }) => row.agent_id === agent);
          return {
            agent,
            name,
            months: begins.map((_, n) => sumOf(inMonth(own, n))),
            sum: sumOf(own),
          };
        }),
        groups: [GROUP],
        as_of: Date.now(),
      };
    },
    "quality.forms": formsView,
    "quality.form_check": (draft) => ({ problems: formProblems(draft) }),
    "quality.form_save": ({ id, base, draft }) => {
      const known = quality.forms.find((each) => each.id === id);
      isOver(known, base);
      const weight = draft.items.reduce(
        (all, { kind }) => all + (kind.kind === "points" ? kind.weight : 0),
        0,
      );
      const saved: QaFormView = {
        id,
        edition: base + 1,
        draft,
        weight,
        n_rules: known?.n_rules ?? 0,
        by: by().name,
        at: Date.now(),
        is_pending: false,
      };
      quality.forms = [...quality.forms.filter((each) => each.id !== id), saved];
      changed({ tag: "quality" });
      return formsView();
    },
    "quality.rules": rulesView,
    "quality.rule_check": (draft) => ({ problems: ruleProblems(draft) }),
    "quality.rule_save": ({ id, base, draft }) => {
      isOver(
        quality.rules.find((each) => each.id === id),
        base,
      );
      const saved: QaRuleView = {
        id,
        edition: base + 1,
        draft,
        group: draft.group_id === null ? "" : GROUP.name,
        form: quality.forms.find((each) => each.id === draft.form_id)?.draft.name ?? "",
        by: by().name,
        at: Date.now(),
        is_pending: false,
      };
      const others = quality.rules.filter((each) => each.id !== id);
      quality.rules = [...others, saved];
      changed({ tag: "quality" });
      return rulesView();
    },
    "quality.rule_remove": ({ rule_id }) => {
      quality.rules = quality.rules.filter(({ id }) => id !== rule_id);
      changed({ tag: "quality" });
      return rulesView();
    },
  };
}
