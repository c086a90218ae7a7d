import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import { savePicture } from "@/ipc/files";
import type { LiveView } from "@/ipc/generated/LiveView";
import { printed } from "@/kit/chart/paper";
import { composed, type Report } from "@/kit/chart/report";
import { readTokens } from "@/kit/chart/tokens";
import { toast } from "@/kit/Notice";
import { CARDS, cardOf } from "./card";
import { type Figure, figuresOf } from "./figures";
import { stampText } from "./period";
import { useRoom } from "./store";
import type { Shown } from "./useBoard";
import { useLabel } from "./useLabel";

export type Format = "xlsx" | "csv" | "png" | "print";

/** Dots for each px: sharp on paper too. */
const RATIO = 2;

/** Draws a report and has it saved. Gives the file's path. */
const save = async (name: string, report: Report): Promise<string> =>
  savePicture(name, await composed(report, readTokens(), RATIO));

/** One chart as a picture. */
export const saveFigure = ({ title, note, spec }: Figure): Promise<string> =>
  save(title, { title, lines: note ? [note] : [], cards: [], charts: [{ title: "", spec }] });

/** Writes what is shown into a file, and says where it is; or puts it on paper. */
export function useExport(shown: Shown, live: LiveView | undefined) {
  const { t } = useTranslation();
  const label = useLabel();
  const { exporting, group, slice, set } = useRoom();
  const { board, args, offset } = shown;
  const report = (): Report => {
    const of = [
      board?.groups.find(({ id }) => id === group)?.name ?? t("metrics.allGroups"),
      slice && slice.dim !== "intent" ? label(slice.dim, { ...slice, label: slice.value }) : "",
    ];
    return {
      title: `${t("app.name")} ${t("metrics.title")}`,
      lines: [
        `${stampText(args.from, offset)} – ${stampText(args.to, offset)}`,
        of.filter((text) => text !== "").join(t("app.comma")),
        board?.as_of ? t("metrics.asOf", { time: stampText(board.as_of, offset) }) : "",
      ].filter((text) => text !== ""),
      cards: CARDS.flatMap((metric) => cardOf(t, shown, metric) ?? []).map((card) => ({
        name: card.name,
        figure: `${card.figure}${card.unit}`,
        note: [card.before, card.difference].filter((text) => text !== "").join("  "),
      })),
      charts: figuresOf(t, shown, live).map(({ title, note, spec }) => ({
        title: note ? `${title}  ${note}` : title,
        spec,
      })),
    };
  };
  return async (format: Format): Promise<void> => {
    if (exporting) return;
    set({ exporting: true });
    try {
      if (format === "print") {
        await printed(report());
        return;
      }
      const path =
        format === "png"
          ? await save(t("metrics.title"), report())
          : (await call("metrics.export", { board: args, format })).path;
      toast("success", t("metrics.export.done", { path }));
    } catch (error) {
      toast("danger", errorText(t, error));
    } finally {
      set({ exporting: false });
    }
  };
}
