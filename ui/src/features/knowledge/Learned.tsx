import { useQuery } from "@tanstack/react-query";
import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import { keys } from "@/ipc/keys";
import { useMe } from "@/ipc/queries";
import { LinkButton } from "@/kit/Button";
import { toast } from "@/kit/Notice";
import { dateText } from "@/lib/time";
import css from "./Learned.module.css";

/** 学到的问法: wordings that an entry has learned from agents; a lead takes them back. */
export const Learned: FC<{ id: string }> = ({ id }) => {
  const { t, i18n } = useTranslation();
  const { data } = useQuery({
    queryKey: keys.learned(id),
    queryFn: () => call("learned.list", { faq_id: id }),
  });
  const mayRule = useMe()?.role !== "agent";
  const rows = data?.rows ?? [];
  if (rows.length === 0) return null;
  const remove = (text: string) =>
    call("learned.rule", { faq_id: id, text, ruling: "rejected" })
      .then(() => toast("plain", t("learning.removed")))
      .catch((error: unknown) => toast("danger", errorText(t, error)));
  return (
    <section data-testid="learned">
      <h3>
        {t("learning.learned")} <span className="muted num">{rows.length}</span>
      </h3>
      <ul>
        {rows.map((row) => (
          <li key={row.text} className={css.row}>
            <span className={css.text}>{row.text}</span>
            <span className={css.by}>
              {t("learning.by", {
                names: row.by.join(t("learning.and")),
                date: dateText(row.at, Date.now(), i18n.language),
              })}
            </span>
            {mayRule && (
              <LinkButton data-testid="learned-remove" onClick={() => void remove(row.text)}>
                {t("learning.remove")}
              </LinkButton>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
};
