import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { useConnection, useEngine } from "@/ipc/queries";
import { Notice } from "@/kit/Notice";
import { Curve } from "./Curve";
import css from "./Engine.module.css";
import { Expressions } from "./Expressions";
import { History } from "./History";
import { SaveBar } from "./SaveBar";
import { Target } from "./Target";
import { TryBox } from "./TryBox";
import { useEngineEdit } from "./useEngineEdit";

/** What an administrator sets of the engine, for the bot and every desk. */
export const EngineSettings: FC = () => {
  const { t } = useTranslation();
  const { data: view, error } = useEngine();
  const { data: connection } = useConnection();
  const online = connection?.state === "online" || connection?.state === "syncing";
  const edit = useEngineEdit(view);
  if (error) return <Notice tone="danger">{errorText(t, error)}</Notice>;
  if (!view || !edit) return null;
  const readOnly = !online;
  const chosen = view.targets.find((target) => target.target === edit.draft.target_permille);
  return (
    <div className={css.engine} data-testid="engine">
      <p className="soft">{t("engine.about")}</p>
      {readOnly && (
        <Notice icon="offline" testId="engine-offline">
          {t("engine.offline")}
        </Notice>
      )}
      <Expressions
        title={t("engine.synonyms")}
        hint={t("engine.synonymsHint")}
        placeholder={t("engine.synonymsSample")}
        text={edit.groupsText}
        onText={(groups) => edit.set({ groups })}
        count={t("engine.groupCount", { n: edit.draft.synonyms.length })}
        problems={edit.problems.groups}
        readOnly={readOnly}
        testId="engine-synonyms"
      />
      <Expressions
        title={t("engine.words")}
        hint={t("engine.wordsHint")}
        placeholder={t("engine.wordsSample")}
        text={edit.wordsText}
        onText={(words) => edit.set({ words })}
        count={t("engine.wordCount", { n: edit.draft.dictionary.length })}
        problems={edit.problems.words}
        readOnly={readOnly}
        testId="engine-words"
      />
      <Target
        view={view}
        target={edit.draft.target_permille}
        onTarget={(target) => edit.set({ target })}
        readOnly={readOnly}
      >
        <Curve view={view} chosen={chosen} />
      </Target>
      <TryBox draft={edit.draft} ok={edit.problems.total === 0} />
      <History view={view} readOnly={readOnly} />
      <SaveBar view={view} edit={edit} readOnly={readOnly} />
    </div>
  );
};
