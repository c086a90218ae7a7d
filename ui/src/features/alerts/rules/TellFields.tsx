import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { Audience } from "@/ipc/generated/Audience";
import type { Escalation } from "@/ipc/generated/Escalation";
import type { NotifyChannel } from "@/ipc/generated/NotifyChannel";
import type { RuleDraft } from "@/ipc/generated/RuleDraft";
import type { RuleProblem } from "@/ipc/generated/RuleProblem";
import { Button, IconButton } from "@/kit/Button";
import { CheckField, ChoiceField } from "@/kit/FormField";
import { NumberField } from "@/kit/NumberField";
import css from "../Fields.module.css";
import { QuietField } from "../QuietField";

const AUDIENCES = ["leads", "admins", "everyone"] as const satisfies readonly Audience[];
const CHANNELS = ["email", "sms", "webhook"] as const satisfies readonly NotifyChannel[];
/** As many as a rule may have. */
const MOST_STEPS = 5;

type Props = {
  draft: RuleDraft;
  set: (change: Partial<RuleDraft>) => void;
  problem: (problem: RuleProblem) => string | undefined;
};

/** Who is told and how, who when nobody looks after it, and when nobody is woken. */
export const TellFields: FC<Props> = ({ draft, set, problem }) => {
  const { t } = useTranslation();
  const { escalation } = draft;
  const change = (at: number, step: Partial<Escalation>) =>
    set({ escalation: escalation.map((each, n) => (n === at ? { ...each, ...step } : each)) });
  return (
    <>
      <Whom to={draft.to} by={draft.by} onTo={(to) => set({ to })} onBy={(by) => set({ by })} />
      {escalation.map((step, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps are their order
        <div key={at} className={css.step} data-testid="rule-step">
          <div className={css.stack}>
            <NumberField
              label={t("alerts.field.after", { n: at + 1 })}
              value={step.after_min}
              unit={t("alerts.minutes")}
              min={1}
              max={1_440}
              error={problem("escalation")}
              onChange={(after_min) => change(at, { after_min })}
            />
            <Whom
              to={step.to}
              by={step.by}
              onTo={(to) => change(at, { to })}
              onBy={(by) => change(at, { by })}
            />
          </div>
          <IconButton
            icon="x"
            size="sm"
            label={t("alerts.dropStep")}
            onClick={() => set({ escalation: escalation.filter((_, n) => n !== at) })}
          />
        </div>
      ))}
      {escalation.length < MOST_STEPS && (
        <p>
          <Button
            icon="plus"
            look="ghost"
            onClick={() =>
              set({ escalation: [...escalation, { after_min: 10, to: "everyone", by: draft.by }] })
            }
            data-testid="rule-add-step"
          >
            {t("alerts.addStep")}
          </Button>
        </p>
      )}
      <QuietField
        value={draft.quiet}
        onChange={(quiet) => set({ quiet })}
        error={problem("quiet")}
        testId="rule-quiet"
      />
      <div className={css.row}>
        <NumberField
          label={t("alerts.field.rest")}
          value={draft.rest_min}
          unit={t("alerts.minutes")}
          max={1_440}
          onChange={(rest_min) => set({ rest_min })}
        />
      </div>
    </>
  );
};

type WhomProps = {
  to: Audience;
  by: readonly NotifyChannel[];
  onTo: (to: Audience) => void;
  onBy: (by: NotifyChannel[]) => void;
};

const Whom: FC<WhomProps> = ({ to, by, onTo, onBy }) => {
  const { t } = useTranslation();
  return (
    <div className={css.row}>
      <ChoiceField
        label={t("alerts.field.to")}
        value={to}
        items={AUDIENCES.map((id) => ({ id, label: t(`alerts.audience.${id}`) }))}
        onChoose={(id) => {
          const found = AUDIENCES.find((each) => each === id);
          if (found) onTo(found);
        }}
      />
      <fieldset className={css.group}>
        <legend>{t("alerts.field.by")}</legend>
        <div className={css.checks}>
          {CHANNELS.map((channel) => (
            <CheckField
              key={channel}
              label={t(`alerts.channel.${channel}`)}
              checked={by.includes(channel)}
              onChange={(on) =>
                onBy(CHANNELS.filter((each) => (each === channel ? on : by.includes(each))))
              }
            />
          ))}
        </div>
      </fieldset>
    </div>
  );
};
