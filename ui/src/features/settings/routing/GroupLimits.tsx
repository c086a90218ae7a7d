import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ChannelKind } from "@/ipc/generated/ChannelKind";
import type { RoutedGroup } from "@/ipc/generated/RoutedGroup";
import { Button } from "@/kit/Button";
import { Field, Switch } from "@/kit/Field";
import { Line } from "../Lines";
import { ChannelLimits } from "./ChannelLimits";
import { MOST, readLimits, typed } from "./limits";
import css from "./Routing.module.css";
import { useConfigure } from "./useConfigure";

const MINUTE = 60_000;
const USUAL = "5";
const BOUNDS = { min: 1, max: 24 * 60 };

type Props = { group: RoutedGroup; kinds: readonly ChannelKind[] };

/** How much of each channel the agents of a group take, and when those who are gone give back. */
export const GroupLimits: FC<Props> = ({ group, kinds }) => {
  const { t } = useTranslation();
  const configure = useConfigure();
  const stored = group.return_after_ms;
  const [limits, setLimits] = useState(typed(group.capacities));
  const [gives, setGives] = useState(stored !== null);
  const [minutes, setMinutes] = useState(stored === null ? USUAL : String(stored / MINUTE));
  const capacities = readLimits(limits);
  const n = Number(minutes);
  const isFit = Number.isInteger(n) && n >= BOUNDS.min && n <= BOUNDS.max;
  const after = gives ? n * MINUTE : null;
  const dirty = after !== stored || JSON.stringify(capacities) !== JSON.stringify(group.capacities);
  const fit = capacities !== null && (isFit || !gives);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!fit || !dirty) return;
        void configure({
          kind: "group_limits",
          group_id: group.id,
          capacities,
          return_after_ms: after,
        });
      }}
      data-testid="group-limits"
    >
      <Line label={group.name} hint={t("routingSettings.limitsHint")}>
        <span className={css.group}>
          <ChannelLimits
            name={group.name}
            kinds={kinds}
            value={limits}
            most={MOST}
            onChange={setLimits}
          />
          <span className={css.seconds}>
            <Switch
              label={t("routingSettings.giveBack", { group: group.name })}
              checked={gives}
              onChange={setGives}
              testId="give-back"
            />
            <span className="small">{t("routingSettings.gone")}</span>
            <Field
              label={t("routingSettings.goneFor", { group: group.name })}
              hideLabel
              inputMode="numeric"
              disabled={!gives}
              value={minutes}
              aria-invalid={(gives && !isFit) || undefined}
              onChange={(event) => setMinutes(event.currentTarget.value)}
              data-testid="give-back-minutes"
            />
            <span className="small">{t("routingSettings.givesBack")}</span>
          </span>
        </span>
        <Button type="submit" size="sm" disabled={!dirty || !fit} data-testid="limits-save">
          {t("routingSettings.save")}
        </Button>
      </Line>
    </form>
  );
};
