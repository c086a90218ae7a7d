import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { call } from "./call";
import type { ConversationId } from "./generated/ConversationId";
import type { FormDraft } from "./generated/FormDraft";
import type { QaListArgs } from "./generated/QaListArgs";
import type { QaMonthsArgs } from "./generated/QaMonthsArgs";
import type { QaReviewId } from "./generated/QaReviewId";
import type { QaSumArgs } from "./generated/QaSumArgs";
import type { SampleDraft } from "./generated/SampleDraft";
import type { Status } from "./generated/Status";
import { keys } from "./keys";

/** Reviews that are asked for at once. */
const PAGE = 100;

/** Reviews of the groups of whoever reviews, page by page. */
export const useReviews = (args: Omit<QaListArgs, "from" | "limit">) =>
  useInfiniteQuery({
    queryKey: keys.qaList(args),
    queryFn: ({ pageParam }) => call("quality.list", { ...args, from: pageParam, limit: PAGE }),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const n = pages.reduce((sum, { items }) => sum + items.length, 0);
      return last.items.length > 0 && n < last.total ? n : undefined;
    },
    placeholderData: keepPreviousData,
  });

/** Whether and how a conversation is reviewed, for those who may pick it; up to what was said last. */
export const useReviewOf = (id: ConversationId, status: Status, seq: number, enabled: boolean) =>
  useQuery({
    queryKey: keys.qaOf(id, status, seq),
    queryFn: () => call("quality.of_conversation", { conversation_id: id }),
    enabled,
  });

/** One review; blind: without what others found, while one may still calibrate it. */
export const useReview = (id: QaReviewId, blind: boolean) =>
  useQuery({
    queryKey: keys.qaReview(id, blind),
    queryFn: () => call("quality.get", { review_id: id, ...(blind && { blind }) }),
  });

/** What marks come to, by the arithmetic of the server. */
export const useSum = (args: QaSumArgs) =>
  useQuery({
    queryKey: keys.qaSum(args),
    queryFn: () => call("quality.sum", args),
    placeholderData: keepPreviousData,
  });

/** The agent's own reviews of the last so many days. */
export const useMyReviews = (days: number) =>
  useQuery({
    queryKey: keys.qaMine(days),
    queryFn: () => call("quality.mine", { days }),
    placeholderData: keepPreviousData,
  });

/** How reviews came out by month. */
export const useQualityMonths = (args: QaMonthsArgs) =>
  useQuery({
    queryKey: keys.qaMonths(args),
    queryFn: () => call("quality.months", args),
    placeholderData: keepPreviousData,
  });

/** The forms that conversations are scored by. */
export const useForms = () =>
  useQuery({ queryKey: keys.qaForms, queryFn: () => call("quality.forms", {}) });

/** The rules by which conversations are sampled. */
export const useRules = () =>
  useQuery({ queryKey: keys.qaRules, queryFn: () => call("quality.rules", {}) });

/** What is wrong with a form that is being written. */
export const useFormCheck = (draft: FormDraft) =>
  useQuery({
    queryKey: keys.qaFormCheck(draft),
    queryFn: () => call("quality.form_check", draft),
    placeholderData: keepPreviousData,
  });

/** What is wrong with a rule that is being written. */
export const useRuleCheck = (draft: SampleDraft) =>
  useQuery({
    queryKey: keys.qaRuleCheck(draft),
    queryFn: () => call("quality.rule_check", draft),
    placeholderData: keepPreviousData,
  });
