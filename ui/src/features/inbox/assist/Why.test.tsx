import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { asked, openDesk, openRow } from "@/test/desk";
import { useDesk } from "../store";

describe("why an answer is suggested", () => {
  it("is told on demand only", async () => {
    useDesk.setState({ why: false });
    const fixture = await openDesk();
    await openRow(0);
    const toggle = await screen.findByTestId("why-1");
    expect(asked(fixture, "assist.explain")).toHaveLength(0);
    fireEvent.click(toggle);
    const why = await screen.findByTestId("why");
    await waitFor(() => expect(why.textContent).toContain("意思相近46%"));
    expect(why.textContent).not.toContain("0%");
    expect(why.textContent).toContain("「退钱」≈「退款」");
    expect(why.textContent).toContain("「到账」");
    fireEvent.keyDown(window, { key: "w", code: "KeyW", altKey: true });
    await waitFor(() => expect(screen.queryByTestId("why")).toBeNull());
    expect(asked(fixture, "assist.explain")).toHaveLength(1);
  });
});
