import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Example } from "@/ipc/generated/Example";
import type { Finding } from "@/ipc/generated/Finding";
import type { FindingKind } from "@/ipc/generated/FindingKind";
import type { HealthReport } from "@/ipc/generated/HealthReport";
import { Button } from "@/kit/Button";
import { EmptyState } from "@/kit/EmptyState";
import { Icon } from "@/kit/Icon";
import { Badge } from "@/kit/Marks";
import { useRoutes } from "@/routes";
import css from "./Health.module.css";

const AT_ONCE = 10;
const PRESSING: readonly FindingKind[] = ["no_answer", "near_question", "confusable"];

/** All findings by kind, the most pressing first. */
export const Findings: FC<{ report: HealthReport }> = ({ report }) => {
  const { t } = useTranslation();
  if (report.counts.length === 0) {
    return <EmptyState icon="check" title={t("health.fineTitle")} text={t("health.fineText")} />;
  }
  return report.counts.map(({ kind, n }) => (
    <Group
      key={kind}
      kind={kind}
      total={n}
      findings={report.findings.filter((finding) => finding.kind === kind)}
    />
  ));
};

type GroupProps = { kind: FindingKind; total: number; findings: readonly Finding[] };

const Group: FC<GroupProps> = ({ kind, total, findings }) => {
  const { t } = useTranslation();
  const [shown, setShown] = useState(AT_ONCE);
  const more = Math.min(AT_ONCE, findings.length - shown);
  return (
    <section
      className={css.group}
      aria-label={t(`health.kind.${kind}`)}
      data-testid={`kind-${kind}`}
    >
      <h3>
        <Icon
          name={PRESSING.includes(kind) ? "warn" : "info"}
          className={PRESSING.includes(kind) ? "warning" : "muted"}
        />
        {t(`health.kind.${kind}`)}
        <Badge tone="quiet" count={total} label={t("health.count", { n: total })} />
      </h3>
      <p className="small muted">{t(`health.todo.${kind}`)}</p>
      <ul>
        {findings.slice(0, shown).map((finding) => (
          <Line key={finding.entries.map((entry) => entry.faq_id).join(" ")} finding={finding} />
        ))}
      </ul>
      {more > 0 && (
        <Button size="sm" look="ghost" onClick={() => setShown(shown + AT_ONCE)}>
          {t("health.more", { n: more })}
        </Button>
      )}
      {more <= 0 && total > findings.length && (
        <p className="small muted">{t("health.cut", { n: findings.length, total })}</p>
      )}
    </section>
  );
};

const Line: FC<{ finding: Finding }> = ({ finding }) => {
  const { t } = useTranslation();
  const openFaq = useRoutes((routes) => routes.openFaq);
  const { kind, entries, examples, n } = finding;
  const say = (example: Example) => {
    switch (kind) {
      case "confusable":
        return t("health.wonBy", { text: example.text, of: example.of, to: example.to });
      case "near_question":
        return t("health.near", { text: example.text, other: example.other });
      case "few_similar":
      case "long_answer":
      case "same_answer":
      case "no_answer":
        return example.text;
    }
  };
  return (
    <li className={css.finding} data-testid="finding">
      <p className={css.entries}>
        {entries.map((entry) => (
          <button
            key={entry.faq_id}
            type="button"
            className={css.link}
            onClick={() => openFaq(entry.faq_id)}
          >
            <span className="one">{entry.question}</span>
            <span>{entry.faq_id}</span>
          </button>
        ))}
        <span className="small muted">{t(`health.n.${kind}`, { n })}</span>
      </p>
      {examples.length > 0 && (
        <ul className={css.examples}>
          {examples.map((example) => (
            <li key={`${example.text} ${example.of} ${example.other}`}>{say(example)}</li>
          ))}
        </ul>
      )}
    </li>
  );
};
