import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { EngineVersionView } from "@/ipc/generated/EngineVersionView";
import type { EngineView } from "@/ipc/generated/EngineView";
import { Button } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";
import { toast } from "@/kit/Notice";
import { dateText, timeOfDay } from "@/lib/time";
import { percent } from "./draft";
import css from "./Engine.module.css";

const SHOWN = 20;

/** The versions, and the way back to one. */
export const History: FC<{ view: EngineView; readOnly: boolean }> = ({ view, readOnly }) => {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<number | null>(null);
  const restore = (version: number) => {
    setAsked(null);
    void call("engine.restore", { base: view.version, version }).catch((error: unknown) =>
      toast("danger", errorText(t, error)),
    );
  };
  return (
    <section className={css.part} aria-label={t("engine.history")}>
      <h3>{t("engine.history")}</h3>
      {view.history.length === 0 && <p className="muted">{t("engine.noHistory")}</p>}
      <ul>
        {view.history.slice(0, SHOWN).map((version) => (
          <Line
            key={version.version}
            version={version}
            current={version.version === view.version}
            readOnly={readOnly}
            onRestore={() => setAsked(version.version)}
          />
        ))}
      </ul>
      {view.history.length > 0 && !readOnly && (
        <div>
          <Button size="sm" look="ghost" onClick={() => setAsked(0)}>
            {t("engine.restoreShipped")}
          </Button>
        </div>
      )}
      <Dialog
        open={asked !== null}
        onClose={() => setAsked(null)}
        title={
          asked === 0
            ? t("engine.restoreShippedTitle")
            : t("engine.restoreTitle", { n: asked ?? 0 })
        }
        text={t("engine.restoreText", { n: view.version + 1 })}
        testId="engine-restore"
        foot={
          <>
            <Button onClick={() => setAsked(null)}>{t("app.cancel")}</Button>
            <Button look="primary" onClick={() => asked !== null && restore(asked)}>
              {t("engine.restore")}
            </Button>
          </>
        }
      />
    </section>
  );
};

type LineProps = {
  version: EngineVersionView;
  current: boolean;
  readOnly: boolean;
  onRestore: () => void;
};

const Line: FC<LineProps> = ({ version, current, readOnly, onRestore }) => {
  const { t, i18n } = useTranslation();
  const { version: n, at, by, restored_from: from, n_groups, n_words, target } = version;
  return (
    <li className={css.version} data-testid="engine-version">
      <span className="num strong">{t("conversation.version", { n })}</span>
      <span className="grow soft">
        {from !== null &&
          `${from === 0 ? t("engine.fromShipped") : t("engine.fromVersion", { n: from })}${t("app.comma")}`}
        {t("engine.holds", { groups: n_groups, words: n_words })}
        {t("app.comma")}
        {target === null ? t("engine.targetShipped") : t("engine.aims", { n: percent(target) })}
      </span>
      <span className="small muted">
        {by || t("engine.byServer")}
        <i className="sep" />
        <span className="num">
          {dateText(at, Date.now(), i18n.language)} {timeOfDay(at)}
        </span>
      </span>
      {current ? (
        <span className="small success">{t("engine.current")}</span>
      ) : (
        <Button size="sm" disabled={readOnly} onClick={onRestore}>
          {t("engine.restore")}
        </Button>
      )}
    </li>
  );
};
