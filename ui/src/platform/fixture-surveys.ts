import type { SurveyView } from "@/ipc/generated/SurveyView";
import type { Handlers } from "./fixture";

const DAY_MS = 86_400_000;

const survey = (n: number, more: Partial<SurveyView> = {}): SurveyView => ({
  conversation_id: `0190d000-0000-7000-8000-0000000000${n}`,
  number: `C-104${n}`,
  asked_at: Date.now() - n * DAY_MS,
  is_reminded: false,
  is_open: false,
  score: 5,
  comment: "",
  answered_at: Date.now() - n * DAY_MS + 90_000,
  agent: "王晓彤",
  source: null,
  ...more,
});

/** Development and tests only: what customers said of the agent at the sample desk. */
export const someSurveys = (): SurveyView[] => [
  survey(10, { comment: "很耐心，一下就解决了" }),
  survey(11, { score: 4 }),
  survey(12, { score: 2, comment: "等了太久，电话 138****5678 也没人打" }),
  survey(13, { score: null, answered_at: null, is_open: true, is_reminded: true }),
];

/** The commands of surveys, on what is in memory. */
export const surveyHandlers = (surveys: SurveyView[]): Pick<Handlers, "survey.mine"> => ({
  "survey.mine": ({ days }) => {
    const items = surveys.filter(({ asked_at }) => asked_at > Date.now() - days * DAY_MS);
    const scores = items.flatMap(({ score }) => (score === null ? [] : [score]));
    return {
      marks: {
        asked: items.length,
        answered: scores.length,
        satisfied: scores.filter((score) => score >= 4).length,
        sum: scores.reduce((sum, score) => sum + score, 0),
      },
      items,
      as_of: Date.now(),
    };
  },
});
