import { type FC, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAction } from "@/hotkeys";
import { cx } from "@/kit/cx";
import { EmptyState } from "@/kit/EmptyState";
import { Splitter } from "@/kit/Splitter";
import { readPrefs, writePrefs } from "@/lib/prefs";
import { useRoutes } from "@/routes";
import { Assist } from "./assist/Assist";
import { Conversation } from "./conversation/Conversation";
import css from "./Inbox.module.css";
import { List } from "./list/List";
import { useInboxActions } from "./list/useInboxActions";
import { useDesk } from "./store";
import { useMedia } from "./useMedia";

const SIZES = {
  wide: { list: 300, assist: 364 },
  compact: { list: 240, assist: 292 },
};

/** The main room: list, conversation, assist. */
export const Inbox: FC = () => {
  const { t } = useTranslation();
  const open = useRoutes((routes) => routes.open);
  const assistOpen = useDesk((desk) => desk.assistOpen);
  const compact = useMedia("(max-width: 1200px)");
  const narrow = useMedia("(max-width: 900px)");
  const [stored, setStored] = useState(() => readPrefs().widths);
  const room = useRef<HTMLElement>(null);
  useInboxActions();
  const set = useDesk((desk) => desk.set);
  useAction("assist", () => set({ assistOpen: !assistOpen }), narrow && open !== null);
  useAction(
    "faqSearch",
    () => set({ tab: "answers", faqQuery: useDesk.getState().faqQuery ?? "", assistOpen: true }),
    open !== null,
  );

  const size = compact ? "compact" : "wide";
  const list = stored[`${size}.list`] ?? SIZES[size].list;
  const assist = stored[`${size}.assist`] ?? SIZES[size].assist;
  useLayoutEffect(() => {
    room.current?.style.setProperty("--list", `${list}px`);
    room.current?.style.setProperty("--assist", `${assist}px`);
  }, [list, assist]);
  const resize = (change: Record<string, number>) => {
    const widths = { ...stored, ...change };
    setStored(widths);
    writePrefs({ widths });
  };
  const withAssist = open !== null && (!narrow || assistOpen);

  return (
    <main ref={room} className={cx(css.inbox, withAssist && css.withAssist)}>
      <List />
      <Splitter
        label={t("list.resize")}
        side="before"
        value={list}
        min={200}
        max={420}
        onChange={(width) => resize({ [`${size}.list`]: width })}
        onReset={() => resize({ [`${size}.list`]: SIZES[size].list })}
      />
      {open === null ? (
        <section className={css.nothing}>
          <EmptyState icon="inbox" title={t("empty.openTitle")} text={t("empty.openText")} />
        </section>
      ) : (
        <Conversation key={open} id={open} />
      )}
      {withAssist && (
        <>
          <Splitter
            label={t("assist.resize")}
            side="after"
            value={assist}
            min={260}
            max={480}
            onChange={(width) => resize({ [`${size}.assist`]: width })}
            onReset={() => resize({ [`${size}.assist`]: SIZES[size].assist })}
          />
          <Assist key={`assist-${open}`} id={open} />
        </>
      )}
    </main>
  );
};
