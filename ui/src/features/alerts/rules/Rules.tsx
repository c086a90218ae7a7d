import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { keyText, useAction } from "@/hotkeys";
import { errorText } from "@/i18n/words";
import { useAlertRules } from "@/ipc/alerts";
import type { AlertRulesView } from "@/ipc/generated/AlertRulesView";
import type { AlertRuleView } from "@/ipc/generated/AlertRuleView";
import { Button } from "@/kit/Button";
import { cx } from "@/kit/cx";
import { EmptyState } from "@/kit/EmptyState";
import { ListDetail, ListRow, ListRows } from "@/kit/ListDetail";
import { Signal, Tag } from "@/kit/Marks";
import { Notice } from "@/kit/Notice";
import { useRoutes } from "@/routes";
import { SEVERITY_ICONS, SEVERITY_LOOKS } from "../words";
import { RuleEditor } from "./RuleEditor";
import css from "./Rules.module.css";
import { conditionText } from "./sentence";

/** The rules, and the one that is being edited. */
export const Rules: FC = () => {
  const { t } = useTranslation();
  const { data, error } = useAlertRules();
  const { rule, editRule } = useRoutes();
  const mayAdd = data?.may_manage_all ?? false;
  useAction("alertRuleNew", () => editRule("new"), mayAdd);
  if (error) return <Notice tone="danger">{errorText(t, error)}</Notice>;
  if (!data) return null;
  const chosen = data.rules.find(({ id }) => id === rule);
  return (
    <ListDetail
      label={t("alerts.tab.rules")}
      bar={
        <>
          <span className="grow soft">{t("alerts.ruleCount", { n: data.rules.length })}</span>
          {mayAdd && (
            <Button
              icon="plus"
              title={keyText("alertRuleNew")}
              onClick={() => editRule("new")}
              data-testid="rule-new"
            >
              {t("alerts.newRule")}
            </Button>
          )}
        </>
      }
      list={
        <ListRows testId="rules">
          {data.rules.map((each) => (
            <li key={each.id}>
              <RuleRow
                rule={each}
                view={data}
                isChosen={each.id === rule}
                onChoose={() => editRule(each.id)}
              />
            </li>
          ))}
        </ListRows>
      }
    >
      {rule === "new" || chosen ? (
        <RuleEditor key={chosen?.id ?? "new"} rule={chosen} view={data} />
      ) : (
        <EmptyState icon="bell" title={t("alerts.chooseRule")} text={t("alerts.chooseRuleText")} />
      )}
    </ListDetail>
  );
};

type RowProps = {
  rule: AlertRuleView;
  view: AlertRulesView;
  isChosen: boolean;
  onChoose: () => void;
};

const RuleRow: FC<RowProps> = ({ rule, view, isChosen, onChoose }) => {
  const { t, i18n } = useTranslation();
  const { draft } = rule;
  const unit = view.measures.find(({ measure }) => measure === draft.measure)?.unit ?? "count";
  return (
    <ListRow
      isChosen={isChosen}
      className={cx(!draft.enabled && css.off)}
      aria-current={isChosen || undefined}
      onClick={onChoose}
      data-testid="rule"
    >
      <Signal
        icon={draft.enabled ? SEVERITY_ICONS[draft.severity] : "mute"}
        tone={draft.enabled ? SEVERITY_LOOKS[draft.severity] : "quiet"}
      />
      <span className={css.words}>
        <span className={css.title}>
          <span className="one strong">{draft.name}</span>
          {rule.open_alert && <Tag tone="danger">{t("alerts.isFiring")}</Tag>}
          {!draft.enabled && <Tag>{t("alerts.isOff")}</Tag>}
          {rule.is_pending && <Tag tone="warning">{t("alerts.isPending")}</Tag>}
        </span>
        <span className="one small soft">
          {[rule.group, conditionText(t, draft, unit, i18n.language)]
            .filter((part) => part !== "")
            .join(t("app.comma"))}
        </span>
      </span>
    </ListRow>
  );
};
