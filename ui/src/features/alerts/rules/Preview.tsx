import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyText, useAction } from "@/hotkeys";
import { errorText } from "@/i18n/words";
import { usePreview } from "@/ipc/alerts";
import type { AlertPreview } from "@/ipc/generated/AlertPreview";
import type { RuleDraft } from "@/ipc/generated/RuleDraft";
import type { Unit } from "@/ipc/generated/Unit";
import { Button } from "@/kit/Button";
import { Tag } from "@/kit/Marks";
import { Notice } from "@/kit/Notice";
import { Segments } from "@/kit/Tabs";
import { dateText, timeOfDay } from "@/lib/time";
import { useDebounced } from "@/lib/useDebounced";
import { levelText } from "../words";
import { Course } from "./Course";
import css from "./Preview.module.css";

const DAYS = ["1", "7", "14"] as const;
const ASK_AFTER_MS = 600;
/** Of more than this many the last ones are listed. */
const LISTED = 8;

type Props = { draft: RuleDraft; unit: Unit; fit: boolean };

/** When the rule would have fired in the last days, asked of the server while it is written. */
export const Preview: FC<Props> = ({ draft, unit, fit }) => {
  const { t } = useTranslation();
  const [days, setDays] = useState<(typeof DAYS)[number]>("7");
  const settled = useDebounced(draft, ASK_AFTER_MS);
  const { data, error, isFetching, refetch } = usePreview(
    { draft: { ...settled, name: settled.name || "-" }, days: Number(days) },
    fit,
  );
  useAction("alertRulePreview", () => void refetch(), fit);
  return (
    <section className={css.preview} aria-label={t("alerts.preview.title")} data-testid="preview">
      <header className={css.head}>
        <h3 className="grow">{t("alerts.preview.title")}</h3>
        <Segments
          label={t("alerts.preview.days")}
          value={days}
          onChange={setDays}
          items={DAYS.map((id) => ({ id, label: t("alerts.preview.nDays", { n: id }) }))}
        />
      </header>
      {!fit && <p className="small soft">{t("alerts.preview.unfit")}</p>}
      {error && (
        <Notice
          action={
            <Button size="sm" title={keyText("alertRulePreview")} onClick={() => void refetch()}>
              {t("alerts.preview.again")}
            </Button>
          }
        >
          {errorText(t, error)}
        </Notice>
      )}
      {fit && data && !error && (
        <Found
          preview={data}
          unit={unit}
          unjudged={settled.condition.kind === "change" ? unjudgedUntil(data) : null}
        />
      )}
      {fit && isFetching && !data && <p className="small soft">{t("alerts.preview.asking")}</p>}
    </section>
  );
};

/** Until when there was a number but nothing to compare it with, since minutes are not kept for ever. */
function unjudgedUntil({ course, limits, to }: AlertPreview): number | null {
  const first = limits.find(({ level }) => level !== null)?.at ?? to;
  return course.some(({ at, level }) => level !== null && at < first) ? first : null;
}

type FoundProps = { preview: AlertPreview; unit: Unit; unjudged: number | null };

const Found: FC<FoundProps> = ({ preview, unit, unjudged }) => {
  const { t, i18n } = useTranslation();
  const { fired, n_fired, from, to } = preview;
  const now = Date.now();
  const when = (at: number) => `${dateText(at, now, i18n.language)} ${timeOfDay(at)}`;
  const quiet = fired.filter(({ is_quiet }) => is_quiet).length;
  const listed = fired.slice(-LISTED).reverse();
  const isJudged = unjudged === null || unjudged < to;
  return (
    <>
      {isJudged && (
        <p data-testid="preview-count">
          {n_fired === 0 ? t("alerts.preview.none") : t("alerts.preview.some", { n: n_fired })}
          {quiet > 0 && t("alerts.preview.quiet", { n: quiet })}
        </p>
      )}
      {unjudged !== null && (
        <p className="small soft" data-testid="preview-unjudged">
          {isJudged
            ? t("alerts.preview.unjudged", { time: when(unjudged) })
            : t("alerts.preview.notJudged")}
        </p>
      )}
      <Course preview={preview} unit={unit} />
      <p className="small muted">{t("alerts.preview.span", { from: when(from), to: when(to) })}</p>
      {listed.length > 0 && (
        <ol className={css.fired} data-testid="preview-fired">
          {listed.map((alert) => (
            <li key={alert.from}>
              <span className="num">{when(alert.from)}</span>
              <span className="soft num">
                {alert.to === null
                  ? t("alerts.preview.stillOpen")
                  : t("alerts.preview.lasted", {
                      n: Math.max(1, Math.round((alert.to - alert.from) / 60_000)),
                    })}
              </span>
              <span className="num">
                {t("alerts.preview.worst", {
                  level: levelText(unit, alert.worst, i18n.language),
                })}
              </span>
              {alert.is_quiet && <Tag>{t("alerts.preview.isQuiet")}</Tag>}
            </li>
          ))}
        </ol>
      )}
      {n_fired > listed.length && (
        <p className="small muted">{t("alerts.preview.more", { n: n_fired - listed.length })}</p>
      )}
    </>
  );
};
