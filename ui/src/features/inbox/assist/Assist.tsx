import { type FC, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyText, useAction } from "@/hotkeys";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import type { Thumb } from "@/ipc/generated/Thumb";
import { useAssist, useConversation } from "@/ipc/queries";
import { IconButton } from "@/kit/Button";
import { Tabs } from "@/kit/Tabs";
import { useDesk } from "../store";
import { useThumbs } from "../useThumbs";
import { Assigned } from "./Assigned";
import css from "./Assist.module.css";
import { ContactCard, ContactDetails } from "./Contact";
import { Context } from "./Context";
import { Customer } from "./Customer";
import { FaqSearch } from "./FaqSearch";
import { Judgement } from "./Judgement";
import { People } from "./People";
import { Properties } from "./Properties";
import { NoAnswer, Suggestions, Weak } from "./Suggestions";
import { Survey } from "./Survey";
import { Tickets } from "./Tickets";
import { useAnswers } from "./useAnswers";

/** Under this a suggestion is more likely wrong than right. */
const RELIABLE_FROM = 0.5;
const PANEL = "assist-panel";

/** The assist pane: answers first. */
export const Assist: FC<{ id: ConversationId }> = ({ id }) => {
  const { t } = useTranslation();
  const { tab, faqQuery, assistOpen, why, set } = useDesk();
  const { data: view } = useConversation(id);
  const { data: assist } = useAssist(id);
  const suggestions = assist?.suggestions ?? [];
  const best = suggestions[0]?.confidence ?? 0;
  const [chosen, setChosen] = useState<number | null>(null);
  // What is more likely wrong than right is not held out for sending.
  const active = chosen ?? (best >= RELIABLE_FROM ? 0 : -1);
  const answers = useAnswers(view, suggestions);
  const toggleWhy = () => {
    // With no answer open there is nothing to explain: the first one opens.
    if (active < 0) setChosen(0);
    set({ tab: "answers", why: active < 0 || !why });
  };
  useAction("why", toggleWhy, suggestions.length > 0);
  const thumbs = useThumbs(id);
  const open = suggestions[Math.max(active, 0)];
  const mark = (thumb: Thumb) => open && thumbs.mark({ faqId: open.faq_id }, thumb);
  useAction("thumbUp", () => mark("up"), open !== undefined);
  useAction("thumbDown", () => mark("down"), open !== undefined);
  useEffect(() => () => set({ faqQuery: null }), [set]);
  // The first answer is open again when there is a new question.
  const [forSeq, setForSeq] = useState(assist?.for_seq);
  if (assist && forSeq !== assist.for_seq) {
    setForSeq(assist.for_seq);
    setChosen(null);
  }

  return (
    <aside className={css.pane} aria-label={t("assist.label")}>
      <div className={css.head}>
        <Tabs
          label={t("assist.label")}
          testId="assist"
          panelId={PANEL}
          value={tab}
          onChange={(next) => set({ tab: next })}
          items={[
            { id: "answers", label: t("assist.answers") },
            { id: "contact", label: t("assist.contact") },
          ]}
        />
        <span className="grow" />
        <IconButton
          icon="search"
          label={`${t("assist.searchLabel")} (${keyText("faqSearch")})`}
          aria-pressed={faqQuery !== null}
          onClick={() => set({ tab: "answers", faqQuery: faqQuery === null ? "" : null })}
          data-testid="faq-search-open"
        />
        <IconButton
          icon="x"
          label={t("app.close")}
          className="narrow-only"
          onClick={() => set({ assistOpen: !assistOpen })}
        />
      </div>
      <div
        className={`${css.body} scroll`}
        role="tabpanel"
        id={PANEL}
        aria-label={t(tab === "answers" ? "assist.answers" : "assist.contact")}
      >
        {tab === "contact" && view && (
          <>
            <ContactDetails view={view} />
            <People key={`people-${id}`} id={id} />
            <Customer key={`customer-${id}`} id={id} />
          </>
        )}
        {tab === "answers" && faqQuery !== null && (
          <FaqSearch
            query={faqQuery}
            onQuery={(query) => set({ faqQuery: query })}
            onClose={() => set({ faqQuery: null })}
            answers={answers}
          />
        )}
        {tab === "answers" && faqQuery === null && assist && (
          <>
            {suggestions.length > 0 ? (
              <>
                {best < RELIABLE_FROM && <Weak best={best} />}
                <Suggestions
                  items={suggestions}
                  active={Math.min(active, suggestions.length - 1)}
                  onActive={setChosen}
                  answers={answers}
                  why={{ conversation: id, open: why, toggle: toggleWhy }}
                  thumbs={thumbs}
                />
              </>
            ) : (
              <NoAnswer asked={assist.for_seq > 0} onSearch={() => set({ faqQuery: "" })} />
            )}
            <Survey survey={view?.survey} />
            <Tickets id={id} contact={view?.contact.id} />
            {view && <Properties key={`properties-${id}`} view={view} />}
            <Judgement assist={assist} />
            {view && <Context context={view.context} />}
            {view && <Assigned routing={view.routing} />}
            <People key={`alike-${id}`} id={id} brief />
            {view && <ContactCard view={view} />}
          </>
        )}
      </div>
    </aside>
  );
};
