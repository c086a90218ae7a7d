import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import { LinkButton } from "@/kit/Button";
import { Icon } from "@/kit/Icon";
import { Acts } from "@/parts/Acts";
import { useName } from "@/parts/Person";
import css from "./Along.module.css";
import { useAlong, useComposing } from "./store";

/** What goes along with the reply: the message that it answers, and what follows once it is sent. */
export const AlongBar: FC<{ view: ConversationView }> = ({ view }) => {
  const { t } = useTranslation();
  const name = useName();
  const { id } = view.row;
  const { quote, macros } = useAlong(id);
  const change = useComposing((composing) => composing.change);
  const who = quote && (quote.author === "customer" ? name(view.row) : quote.author_name);
  return (
    <>
      {quote && (
        <div className={css.bar} data-testid="quoting">
          <Icon name="undo" size={14} />
          <span className="one">
            {t("quote.answers", { name: who || t(`author.${quote.author}`) })}
            <i className="sep" />
            <span className="soft">{quote.text}</span>
          </span>
          <span className="grow" />
          <LinkButton
            aria-label={t("quote.cancel")}
            title={t("quote.cancel")}
            onClick={() => change(id, { quote: null })}
          >
            <Icon name="x" size={12} />
          </LinkButton>
        </div>
      )}
      {macros.map((macro) => (
        <div key={macro.id} className={css.bar} data-testid="macro">
          <Icon name="slash" size={14} />
          <span className="one">{t("canned.then")}</span>
          <Acts acts={macro.draft.acts} />
          <span className="grow" />
          <LinkButton
            aria-label={t("canned.dropActs")}
            title={t("canned.dropActs")}
            onClick={() => change(id, { macros: macros.filter((each) => each !== macro) })}
          >
            <Icon name="x" size={12} />
          </LinkButton>
        </div>
      ))}
    </>
  );
};
