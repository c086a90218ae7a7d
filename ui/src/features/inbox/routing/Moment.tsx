import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";
import { LineField } from "@/kit/FormField";
import { composing } from "@/lib/ime";
import { fieldText, furthest, nextMorning } from "./snoozes";

type Props = { onPick: (until: number) => void; onClose: () => void };

/** Any moment to set a conversation aside until, by the clock of this desk. */
export const Moment: FC<Props> = ({ onPick, onClose }) => {
  const { t } = useTranslation();
  const [now] = useState(() => Date.now());
  const [text, setText] = useState(() => fieldText(nextMorning(now)));
  // Without a zone it is a moment of this desk.
  const until = new Date(text).getTime();
  const fault = Number.isNaN(until)
    ? "none"
    : until <= now
      ? "past"
      : until > furthest(now)
        ? "far"
        : null;
  const go = () => {
    if (fault !== null) return;
    onClose();
    onPick(until);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("routing.snoozeUntil")}
      testId="snooze-moment"
      foot={
        <>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button
            look="primary"
            disabled={fault !== null}
            onClick={go}
            data-testid="snooze-moment-do"
          >
            {t("routing.snoozeDo")}
          </Button>
        </>
      }
    >
      <LineField
        label={t("routing.until.chosen")}
        type="datetime-local"
        min={fieldText(now)}
        max={fieldText(furthest(now))}
        value={text}
        error={fault === "past" || fault === "far" ? t(`routing.untilFault.${fault}`) : undefined}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || composing(event.nativeEvent)) return;
          event.preventDefault();
          go();
        }}
        data-testid="snooze-moment-at"
      />
    </Dialog>
  );
};
