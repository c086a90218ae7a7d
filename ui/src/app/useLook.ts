import { useEffect } from "react";
import { setKeys } from "@/hotkeys";
import { setLocale } from "@/i18n";
import type { Theme } from "@/ipc/generated/Theme";
import { useSettings } from "@/ipc/queries";
import { writePrefs } from "@/lib/prefs";

/** Sets the theme on the root; without one the system decides. */
export function applyTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

const NONE: Record<string, string> = {};

/** Keeps theme, language and keys as the settings say, and remembers them for the next first paint. */
export function useLook(): void {
  const { data: settings } = useSettings();
  const theme = settings?.theme;
  const locale = settings?.locale;
  const keys = settings?.keys ?? NONE;
  useEffect(() => setKeys(keys), [keys]);
  useEffect(() => {
    if (!theme || !locale) return;
    applyTheme(theme);
    setLocale(locale);
    writePrefs({ theme, locale });
  }, [theme, locale]);
}
