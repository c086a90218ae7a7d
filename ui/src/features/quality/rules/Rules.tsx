import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyText, useAction } from "@/hotkeys";
import { errorText } from "@/i18n/words";
import { useRules } from "@/ipc/quality";
import { Button } from "@/kit/Button";
import { ListDetail, ListRow, ListRows } from "@/kit/ListDetail";
import { Tag } from "@/kit/Marks";
import { Notice } from "@/kit/Notice";
import css from "../Editor.module.css";
import { RuleEditor } from "./RuleEditor";
import { byText } from "./sample";

/** The rules by which conversations are sampled, and the one that is being written. */
export const Rules: FC = () => {
  const { t } = useTranslation();
  const { data, error } = useRules();
  const [open, setOpen] = useState<string | "new" | null>(null);
  const mayManage = data?.may_manage ?? false;
  useAction("qualityNew", () => setOpen("new"), mayManage);
  if (error) return <Notice tone="danger">{errorText(t, error)}</Notice>;
  if (!data) return <div />;
  const chosen =
    open === "new" ? undefined : (data.rules.find(({ id }) => id === open) ?? data.rules[0]);
  return (
    <ListDetail
      label={t("quality.tab.rules")}
      bar={
        <>
          <span className="grow soft">{t("quality.nRules", { n: data.rules.length })}</span>
          {mayManage && (
            <Button
              icon="plus"
              title={keyText("qualityNew")}
              onClick={() => setOpen("new")}
              data-testid="quality-rule-new"
            >
              {t("quality.newRule")}
            </Button>
          )}
        </>
      }
      list={
        <ListRows testId="quality-rules">
          {data.rules.map((rule) => (
            <li key={rule.id}>
              <ListRow
                isChosen={rule.id === chosen?.id}
                aria-current={rule.id === chosen?.id || undefined}
                onClick={() => setOpen(rule.id)}
                data-testid="quality-rule-row"
              >
                <span className={css.words}>
                  <span className={css.title}>
                    <span className="one strong">{rule.draft.name}</span>
                    {!rule.draft.enabled && <Tag>{t("quality.off")}</Tag>}
                    {rule.is_pending && <Tag tone="warning">{t("quality.pending")}</Tag>}
                  </span>
                  <span className="one small soft">
                    {[rule.group, byText(t, rule.draft.by)]
                      .filter((part) => part !== "")
                      .join(t("app.comma"))}
                  </span>
                </span>
              </ListRow>
            </li>
          ))}
        </ListRows>
      }
    >
      <RuleEditor
        key={chosen ? `${chosen.id} ${chosen.edition}` : "new"}
        rule={chosen}
        view={data}
        onEnd={(id) => setOpen(id)}
      />
    </ListDetail>
  );
};
