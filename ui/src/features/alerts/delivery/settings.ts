import type { ChannelSettings } from "@/ipc/generated/ChannelSettings";
import type { NotifyChannel } from "@/ipc/generated/NotifyChannel";

/** Settings to begin from. */
export function firstOf(channel: NotifyChannel): ChannelSettings {
  switch (channel) {
    case "email":
      return {
        channel,
        settings: { host: "", port: 465, security: "tls", username: "", from: "", authority: "" },
      };
    case "sms":
      return {
        channel,
        settings: {
          method: "POST",
          url: "",
          headers: [],
          secret_header: "",
          body: '{"phone":"{{phone}}","text":"{{text}}"}',
          sign: "",
          success_pointer: "",
          success_value: "",
          allow_private: false,
        },
      };
    case "webhook":
      return { channel, settings: { url: "", allow_private: false } };
  }
}

/** Whether what must be filled in is. */
export function isFilled({ channel, settings }: ChannelSettings): boolean {
  return channel === "email" ? settings.host !== "" && settings.from !== "" : settings.url !== "";
}

/** Headers as they are written: `Name: value`, one a line. */
export const headersText = (headers: readonly { name: string; value: string }[]): string =>
  headers.map(({ name, value }) => `${name}: ${value}`).join("\n");

export const headersOf = (text: string): { name: string; value: string }[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => {
      const at = line.indexOf(":");
      return at < 0
        ? { name: line, value: "" }
        : { name: line.slice(0, at).trim(), value: line.slice(at + 1).trim() };
    });
