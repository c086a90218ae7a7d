import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { call } from "./call";
import type { FormDraft } from "./generated/FormDraft";
import type { QaListArgs } from "./generated/QaListArgs";
import type { QaReviewId } from "./generated/QaReviewId";
import type { QaSumArgs } from "./generated/QaSumArgs";
import type { SampleDraft } from "./generated/SampleDraft";
import { keys } from "./keys";

/** Reviews of the groups of whoever reviews. */
export const useReviews = (args: QaListArgs) =>
  useQuery({
    queryKey: keys.qaList(args),
    queryFn: () => call("quality.list", args),
    placeholderData: keepPreviousData,
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
