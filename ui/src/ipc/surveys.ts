import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { call } from "./call";
import { keys } from "./keys";

/** What customers said of the agent in the last so many days. */
export const useMySurveys = (days: number) =>
  useQuery({
    queryKey: keys.mySurveys(days),
    queryFn: () => call("survey.mine", { days }),
    placeholderData: keepPreviousData,
  });
