import "./clock";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";
import { setLocale, startI18n } from "@/i18n";
import { clearToasts } from "@/kit/Notice";
import { useDrafts } from "@/parts/drafts";
import { useRoutes } from "@/routes";

startI18n("zh-CN");
// What is waited for comes at once, but the machine may be busy with other things.
configure({ asyncUtilTimeout: 5_000 });

// The test DOM lays nothing out: give boxes a size, so that lists show rows.
Object.defineProperty(HTMLElement.prototype, "clientHeight", {
  configurable: true,
  get: () => 800,
});
Object.defineProperty(HTMLElement.prototype, "clientWidth", { configurable: true, get: () => 300 });
Element.prototype.scrollIntoView = vi.fn();

beforeEach(() => {
  setLocale("zh-CN");
  localStorage.clear();
  useDrafts.setState({ drafts: {} });
  useRoutes.setState({ room: "inbox", overlay: null, scope: "mine", open: null, seek: null });
});
afterEach(() => {
  cleanup();
  // They outlive the window that said them, and the next test would take them for its own.
  clearToasts();
});
