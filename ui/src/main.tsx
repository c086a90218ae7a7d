import "./styles/tokens.css";
import "./styles/base.css";
import { createRoot } from "react-dom/client";
import { boot } from "@/app/boot";
import { applyTheme } from "@/app/useLook";
import { startI18n } from "@/i18n";
import { mountSprite } from "@/kit/sprite";
import { markEngine } from "@/lib/engine";
import { readPrefs } from "@/lib/prefs";
import { setPlatform } from "@/platform";

/** A file that is dropped where nothing takes it is not opened in place of the desk. */
function keepPage(): void {
  for (const kind of ["dragover", "drop"] as const)
    addEventListener(kind, (event) => {
      if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
    });
}

async function start(): Promise<void> {
  if (import.meta.env.DEV && import.meta.env.VITE_FIXTURE) {
    const { startFixture } = await import("@/platform/fixture-window");
    setPlatform(startFixture());
  }
  keepPage();
  markEngine();
  const { theme, locale } = readPrefs();
  applyTheme(theme);
  startI18n(locale);
  mountSprite();
  const place = document.getElementById("root");
  if (place) await boot(createRoot(place));
}

void start();
