import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import type { RoutedGroup } from "@/ipc/generated/RoutedGroup";
import { Field } from "@/kit/Field";
import { Segments } from "@/kit/Tabs";
import { Line } from "../Lines";
import css from "./Routing.module.css";
import { useConfigure } from "./useConfigure";

const ACCEPT_S = 30;
const BOUNDS = { min: 5, max: 600 };

/** How the waiting conversations of a group find an agent. */
export const GroupLine: FC<{ group: RoutedGroup }> = ({ group }) => {
  const { t } = useTranslation();
  const configure = useConfigure();
  const { assign } = group;
  const stored = assign.kind === "auto" ? Math.round(assign.accept_ms / 1_000) : ACCEPT_S;
  const [seconds, setSeconds] = useState(String(stored));
  const n = Number(seconds);
  const isFit = Number.isInteger(n) && n >= BOUNDS.min && n <= BOUNDS.max;
  const set = (kind: "pick" | "auto", accept: number) =>
    void configure({
      kind: "group",
      group_id: group.id,
      assign: kind === "pick" ? { kind } : { kind, accept_ms: accept * 1_000 },
    });
  return (
    <Line label={group.name}>
      {assign.kind === "auto" && (
        <span className={css.seconds}>
          <Field
            label={t("routingSettings.acceptWithin", { group: group.name })}
            hideLabel
            inputMode="numeric"
            value={seconds}
            aria-invalid={!isFit || undefined}
            onChange={(event) => setSeconds(event.currentTarget.value)}
            onBlur={() => isFit && n !== stored && set("auto", n)}
            data-testid="accept-seconds"
          />
          <span className="small muted">{t("routingSettings.seconds")}</span>
        </span>
      )}
      <Segments
        label={t("routingSettings.assign", { group: group.name })}
        value={assign.kind}
        onChange={(kind) => set(kind, isFit ? n : ACCEPT_S)}
        items={[
          { id: "pick", label: t("routingSettings.pick") },
          { id: "auto", label: t("routingSettings.auto") },
        ]}
      />
    </Line>
  );
};
