import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type { Locale } from "@/ipc/generated/Locale";
import en from "./en.json";
import zhCN from "./zh-CN.json";

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof zhCN };
  }
}

export const languages = { "zh-CN": zhCN, en };

/** Makes the texts ready before the first paint; they are part of the program. */
export function startI18n(locale: Locale): void {
  void i18next.use(initReactI18next).init({
    lng: locale,
    fallbackLng: "zh-CN",
    resources: { "zh-CN": { translation: zhCN }, en: { translation: en } },
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  document.documentElement.lang = locale;
}

export function setLocale(locale: Locale): void {
  void i18next.changeLanguage(locale);
  document.documentElement.lang = locale;
}
