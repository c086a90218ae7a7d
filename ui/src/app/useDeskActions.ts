import { useAction } from "@/hotkeys";
import { useMe, useSettings } from "@/ipc/queries";
import { useRoutes } from "@/routes";
import { useDesk } from "./useDesk";
import { useIdleLock } from "./useIdleLock";

/** What can be done anywhere on the desk. */
export function useDeskActions(): void {
  const {
    room,
    open,
    go,
    show,
    overlay,
    showKnowledge,
    showSettings,
    showAlerts,
    showQuality,
    fileTicket,
  } = useRoutes();
  const role = useMe()?.role;
  const { data: settings } = useSettings();
  const { setPresence, lock, signOut, change } = useDesk();
  useIdleLock();
  useAction("palette", () => show(overlay === "palette" ? null : "palette"));
  useAction("keys", () => show("keys"));
  useAction("searchAll", () => go("search"));
  useAction("outbox", () => show("outbox"));
  useAction("inbox", () => go("inbox"));
  useAction("tickets", () => go("tickets"));
  useAction("ticketNew", () => fileTicket({ from: room === "inbox" ? open : null }));
  useAction("settings", () => showSettings("desk"));
  useAction("knowledge", () => showKnowledge("entries"));
  useAction("health", () => showKnowledge("health"), role === "admin" || role === "team_lead");
  useAction("members", () => showSettings("members"), role === "admin");
  useAction("ticketTypes", () => showSettings("tickets"), role === "admin");
  const leads = role === "admin" || role === "team_lead";
  useAction("routingSettings", () => showSettings("routing"), leads);
  useAction("live", () => go("live"), leads);
  useAction("metrics", () => go("metrics"), leads);
  useAction("quality", () => go("quality"));
  useAction("qualityMine", () => showQuality("mine"));
  useAction("surveys", () => showQuality("surveys"));
  useAction("qualityCalibrate", () => showQuality("calibrate"), leads);
  useAction("qualityMonths", () => showQuality("months"), leads);
  useAction("qualityForms", () => showQuality("forms"), leads);
  useAction("qualityRules", () => showQuality("rules"), leads);
  useAction("surveySettings", () => showSettings("surveys"), role === "admin");
  useAction("alerts", () => showAlerts("list"), leads);
  useAction("alertRules", () => showAlerts("rules"), leads);
  useAction("alertPrefs", () => showAlerts("mine"), leads);
  useAction("delivery", () => showAlerts("delivery"), role === "admin");
  useAction("engine", () => showSettings("engine"), role === "admin");
  useAction("keysEdit", () => showSettings("keys"));
  useAction("cannedManage", () => showSettings("canned"));
  useAction("presenceOnline", () => void setPresence("online"));
  useAction("presenceBusy", () => void setPresence("busy"));
  useAction("presenceAway", () => void setPresence("away"));
  useAction("presenceTransfer", () => void setPresence("transfer_only"));
  useAction("presenceOffline", () => void setPresence("offline"));
  useAction("themeSystem", () => void change({ theme: "system" }));
  useAction("themeLight", () => void change({ theme: "light" }));
  useAction("themeDark", () => void change({ theme: "dark" }));
  useAction("language", () => void change({ locale: settings?.locale === "en" ? "zh-CN" : "en" }));
  useAction("lock", () => void lock());
  useAction("signOut", () => void signOut());
}
