import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { asked, openDesk, openRow } from "@/test/desk";

const pressed = (box: HTMLElement) =>
  within(box)
    .getAllByTestId(/^thumb-/)
    .map((button) => button.getAttribute("aria-pressed"));

describe("thumbs", () => {
  it("say of a bot's answer whether it fits, and can be turned", async () => {
    const fixture = await openDesk();
    await openRow(0);
    const answer = await screen.findByTestId("message-bot");
    fireEvent.click(within(answer).getByTestId("thumb-down"));
    await waitFor(() => expect(pressed(answer)).toEqual(["false", "true"]));
    expect(asked(fixture, "learning.thumb")[0]?.args).toMatchObject({
      faq_id: "F-0231",
      thumb: "down",
      answer_id: fixture.data.messages.find(({ author }) => author === "bot")?.id,
    });
    fireEvent.click(within(answer).getByTestId("thumb-up"));
    await waitFor(() => expect(pressed(answer)).toEqual(["true", "false"]));
  });
  it("say it of the open suggestion by key", async () => {
    const fixture = await openDesk();
    await openRow(0);
    const first = await screen.findByTestId("suggestion-1");
    fireEvent.keyDown(window, { key: "u", code: "KeyU", altKey: true });
    await waitFor(() => expect(pressed(first)).toEqual(["true", "false"]));
    expect(asked(fixture, "learning.thumb")[0]?.args).toMatchObject({
      faq_id: fixture.data.suggestions[0]?.faq_id,
      answer_id: null,
      thumb: "up",
    });
  });
});
