import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/ipc/queries";
import { Tabs } from "@/kit/Tabs";
import { useRoutes } from "@/routes";
import { Entries } from "./Entries";
import { Health } from "./Health";
import css from "./Knowledge.module.css";

const PANEL = "knowledge-panel";

/** The knowledge that everybody answers from. */
export const Knowledge: FC = () => {
  const { t } = useTranslation();
  const role = useMe()?.role;
  const { knowledgeTab, showKnowledge } = useRoutes();
  const mayReview = role === "admin" || role === "team_lead";
  const tab = mayReview ? knowledgeTab : "entries";
  return (
    <main className={css.room} data-testid="knowledge">
      <div className={css.head}>
        <h1>{t("knowledge.title")}</h1>
        {mayReview && (
          <Tabs
            label={t("knowledge.title")}
            testId="knowledge"
            panelId={PANEL}
            value={tab}
            onChange={showKnowledge}
            items={[
              { id: "entries", label: t("knowledge.entries") },
              { id: "health", label: t("health.title") },
            ]}
          />
        )}
      </div>
      <div
        className={css.body}
        id={PANEL}
        role="tabpanel"
        aria-label={t(tab === "entries" ? "knowledge.entries" : "health.title")}
      >
        {tab === "entries" ? <Entries /> : <Health />}
      </div>
    </main>
  );
};
