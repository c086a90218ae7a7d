import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { ChannelCapacity } from "@/ipc/generated/ChannelCapacity";
import type { ChannelKind } from "@/ipc/generated/ChannelKind";
import { Field } from "@/kit/Field";
import { isLimit, type Typed } from "./limits";
import css from "./Routing.module.css";

type Props = {
  /** Whose limits they are. */
  name: string;
  kinds: readonly ChannelKind[];
  value: Typed;
  /** No limit may be beyond it. */
  most: number;
  /** What holds where a field is empty. */
  usual?: readonly ChannelCapacity[];
  onChange: (value: Typed) => void;
};

/** Most conversations of each channel; an empty field leaves it to what is usual. */
export const ChannelLimits: FC<Props> = ({ name, kinds, value, most, usual = [], onChange }) => {
  const { t } = useTranslation();
  return (
    <span className={css.limits}>
      {kinds.map((kind) => {
        const text = value[kind] ?? "";
        const of = usual.find(({ channel }) => channel === kind);
        return (
          <span key={kind} className={css.limit}>
            <span className="small muted">{t(`channel.${kind}`)}</span>
            <Field
              label={t("routingSettings.limit", { name, channel: t(`channel.${kind}`) })}
              hideLabel
              inputMode="numeric"
              placeholder={of ? String(of.limit) : t("routingSettings.noLimit")}
              value={text}
              aria-invalid={(text !== "" && !isLimit(text, most)) || undefined}
              onChange={(event) => onChange({ ...value, [kind]: event.currentTarget.value })}
              data-testid="channel-limit"
            />
          </span>
        );
      })}
    </span>
  );
};
