import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import type { Thumb } from "@/ipc/generated/Thumb";
import { keys } from "@/ipc/keys";
import { toast } from "@/kit/Notice";

type Of = { faqId: string; answerId?: string };
export type Thumbs = {
  /** What the agent said of an answer, or of a suggestion. */
  of: (what: Of) => Thumb | undefined;
  mark: (what: Of, thumb: Thumb) => void;
};

/** Whether entries answer what the customer asked: shown and said. */
export function useThumbs(id: ConversationId): Thumbs {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: keys.thumbs(id),
    queryFn: () => call("learning.thumbs", { conversation_id: id }),
  });
  return {
    of: ({ faqId, answerId }) =>
      answerId === undefined
        ? data?.suggestions.find((each) => each.faq_id === faqId)?.thumb
        : data?.answers.find((each) => each.message_id === answerId)?.thumb,
    mark: ({ faqId, answerId }, thumb) => {
      const args = { conversation_id: id, answer_id: answerId ?? null, faq_id: faqId, thumb };
      call("learning.thumb", args)
        .then((view) => client.setQueryData(keys.thumbs(id), view))
        .catch((error: unknown) => toast("danger", errorText(t, error)));
    },
  };
}
