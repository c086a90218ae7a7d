import type { Locale } from "@/ipc/generated/Locale";
import type { Theme } from "@/ipc/generated/Theme";

/** How this window looks. Kept here as well as in the settings, so that the first paint is right. */
export type Prefs = { theme: Theme; locale: Locale; widths: Record<string, number> };

const KEY = "lingtai.ui";
const FIRST: Prefs = { theme: "system", locale: "zh-CN", widths: {} };

export function readPrefs(): Prefs {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    if (typeof stored !== "object" || stored === null) return FIRST;
    const theme =
      "theme" in stored && (stored.theme === "light" || stored.theme === "dark")
        ? stored.theme
        : "system";
    const locale = "locale" in stored && stored.locale === "en" ? "en" : "zh-CN";
    const widths: Record<string, number> = {};
    if ("widths" in stored && typeof stored.widths === "object" && stored.widths !== null) {
      for (const [name, width] of Object.entries(stored.widths))
        if (typeof width === "number") widths[name] = width;
    }
    return { theme, locale, widths };
  } catch {
    return FIRST;
  }
}

export function writePrefs(change: Partial<Prefs>): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...readPrefs(), ...change }));
  } catch {
    // A full or forbidden storage costs the memory of a width, nothing else.
  }
}
