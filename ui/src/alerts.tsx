import "./styles/tokens.css";
import "./styles/base.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { type FC, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { applyTheme, useLook } from "@/app/useLook";
import { AlertWindow } from "@/features/alerts/window/AlertWindow";
import { startI18n } from "@/i18n";
import { makeClient } from "@/ipc/client";
import { handle } from "@/ipc/events";
import { mountSprite } from "@/kit/sprite";
import { markEngine } from "@/lib/engine";
import { readPrefs } from "@/lib/prefs";
import { platform, setPlatform } from "@/platform";

const ignore = () => undefined;

const Window: FC = () => {
  useLook();
  return <AlertWindow />;
};

/** The lead's small window of alerts: it shows what this desk has, and asks for nothing else. */
async function start(): Promise<void> {
  if (import.meta.env.DEV && import.meta.env.VITE_FIXTURE) {
    const { startFixture } = await import("@/platform/fixture-window");
    setPlatform(startFixture());
  }
  markEngine();
  const { theme, locale } = readPrefs();
  applyTheme(theme);
  startI18n(locale);
  mountSprite();
  const client = makeClient();
  const quiet = {
    onOpen: ignore,
    onOpenTicket: ignore,
    onOpenAlert: ignore,
    onNotice: ignore,
    onTicket: ignore,
    onAlert: ignore,
  };
  await platform().subscribe(
    (event) => handle(client, event, quiet),
    () => void client.invalidateQueries(),
  );
  const place = document.getElementById("root");
  if (!place) return;
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <Window />
      </QueryClientProvider>
    </StrictMode>,
  );
}

void start();
