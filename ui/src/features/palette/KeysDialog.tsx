import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { ACTIONS, keyText, PLACES, useActions } from "@/hotkeys";
import { Button } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";
import { Kbd } from "@/kit/Kbd";
import { useRoutes } from "@/routes";
import css from "./KeysDialog.module.css";

/** The keys that work where the agent stands. */
export const KeysDialog: FC = () => {
  const { t } = useTranslation();
  const { overlay, room, qualityTab, show } = useRoutes();
  const handlers = useActions((actions) => actions.handlers);
  // The keys of a place that is not there would be those of another one.
  const inTickets = handlers.ticketView !== undefined;
  const inReview =
    room === "quality" &&
    handlers.qualitySave !== undefined &&
    qualityTab !== "forms" &&
    qualityTab !== "rules";
  const fixed = {
    everywhere: [["Esc", t("keys.back")]],
    inbox: [
      ["↑ ↓", t("keys.rows")],
      ["Enter", t("keys.openRow")],
      ["Space", t("keys.tick")],
    ],
    conversation: [
      ["Enter", t("keys.send")],
      ["Shift Enter", t("keys.newline")],
      ["/", t("keys.slash")],
      ["Tab", t("keys.place")],
      ["@", t("keys.mention")],
    ],
    assist: [],
    knowledge: [],
    tickets: inTickets
      ? [
          ["↑ ↓ ← →", t("keys.cards")],
          ["Enter", t("keys.openCard")],
          ["⇧ ← →", t("keys.pushCard")],
          ["Space", t("keys.tickRow")],
        ]
      : [],
    metrics: [],
    quality: inReview
      ? [
          ["0 – 9", t("keys.marks")],
          ["−", t("keys.leaveOut")],
          ["↑ ↓", t("keys.items")],
        ]
      : [],
    desk: [],
  } as const;
  return (
    <Dialog
      open={overlay === "keys"}
      onClose={() => show(null)}
      title={t("keys.title")}
      size="lg"
      reading
      testId="keys"
      foot={<Button onClick={() => show(null)}>{t("app.close")}</Button>}
    >
      <div className={css.columns}>
        {PLACES.map((place) => {
          const actions = ACTIONS.filter((action) => action.place === place && handlers[action.id]);
          if (actions.length + fixed[place].length === 0) return null;
          return (
            <section key={place} className={css.place}>
              <h3>{t(`keys.${place}`)}</h3>
              <dl>
                {fixed[place].map(([keys, text]) => (
                  <div key={text} className={css.line}>
                    <dt>{text}</dt>
                    <dd>
                      <Kbd keys={keys} />
                    </dd>
                  </div>
                ))}
                {actions.map(({ id }) => (
                  <div key={id} className={css.line}>
                    <dt>{t(`action.${id}`)}</dt>
                    <dd>{keyText(id) !== "" && <Kbd keys={keyText(id)} />}</dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
      </div>
    </Dialog>
  );
};
