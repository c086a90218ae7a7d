import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyText } from "@/hotkeys";
import { errorText } from "@/i18n/words";
import { useChangeSettings, useSecurity, useSettings } from "@/ipc/queries";
import { Button } from "@/kit/Button";
import { Icon } from "@/kit/Icon";
import { toast } from "@/kit/Notice";
import { Select } from "@/kit/Select";
import { useNow } from "@/lib/now";
import { Line, Section } from "../Lines";
import { PassphraseDialog } from "./PassphraseDialog";
import { RekeyDialog } from "./RekeyDialog";
import { useMoment } from "./useMoment";

/** After how many minutes it may lock by itself. */
const IDLE = ["0", "5", "15", "30", "60"] as const;

/** What opens the local store, when it closes, and how old its key is. */
export const Security: FC = () => {
  const { t } = useTranslation();
  const moment = useMoment();
  const { data: security } = useSecurity();
  const now = useNow();
  const { data: settings } = useSettings();
  const change = useChangeSettings();
  const [dialog, setDialog] = useState<"passphrase" | "key" | null>(null);
  if (!security) return null;
  const close = () => setDialog(null);
  const hasPassphrase = security.slots.some((slot) => slot.kind === "passphrase");
  const set = (idle_lock_minutes: number) =>
    void change({ idle_lock_minutes }).catch((error: unknown) =>
      toast("danger", errorText(t, error)),
    );
  const isDue = security.rekey === "idle" && now >= security.due_at;
  return (
    <Section title={t("safe.security")}>
      {security.slots.map((slot) => (
        <Line
          key={slot.kind}
          label={t(`safe.slot.${slot.kind}`)}
          hint={t(slot.kind === "server" ? "safe.slotServer" : "safe.slotSince", {
            time: moment(slot.created_at),
          })}
        >
          <span className="hstack soft" data-testid={`slot-${slot.kind}`}>
            <Icon name={slot.works ? "check" : "warn"} size={14} />
            {t(slot.works ? "safe.works" : "safe.worksNot")}
          </span>
        </Line>
      ))}
      <Line label={t("safe.passphrase")} hint={t("safe.passphraseHint")}>
        <Button icon="lock" onClick={() => setDialog("passphrase")} data-testid="change-passphrase">
          {t(hasPassphrase ? "safe.changePassphrase" : "safe.addPassphrase")}
        </Button>
      </Line>
      <Line label={t("safe.idleLock")} hint={t("safe.idleLockHint", { keys: keyText("lock") })}>
        <Select
          label={t("safe.idleLock")}
          value={IDLE.find((each) => each === String(settings?.idle_lock_minutes ?? 0)) ?? "0"}
          items={IDLE.map((id) => ({
            id,
            label: id === "0" ? t("safe.idleNever") : t("safe.idleMinutes", { n: id }),
          }))}
          disabled={!hasPassphrase}
          onChange={(id) => set(Number(id))}
          testId="idle-lock"
        />
      </Line>
      <Line
        label={t("safe.key")}
        hint={
          isDue
            ? t("safe.keyDue")
            : t("safe.keySince", {
                time: moment(security.keyed_at),
                due: moment(security.due_at),
              })
        }
      >
        <Button
          icon="sync"
          look={isDue ? "primary" : "plain"}
          onClick={() => setDialog("key")}
          data-testid="change-key"
        >
          {t("safe.changeKey")}
        </Button>
      </Line>
      <Line label={t("safe.checked")} hint={t("safe.checkedHint")}>
        <span className="soft num">{moment(security.checked_at)}</span>
      </Line>
      {dialog === "passphrase" && <PassphraseDialog asksPresent={hasPassphrase} onClose={close} />}
      {dialog === "key" && (
        <RekeyDialog state={security.rekey} asksPassphrase={hasPassphrase} onClose={close} />
      )}
    </Section>
  );
};
