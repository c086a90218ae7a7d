import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { sampleData } from "@/platform/fixture";
import { asked, openDesk } from "@/test/desk";

const open = async (role: "agent" | "team_lead") => {
  const { session, faq } = sampleData(Date.now());
  if (session.phase !== "ready") throw new Error("the sample desk is not open");
  const [entry] = faq;
  if (!entry) throw new Error("the sample knowledge is empty");
  const learned = [
    {
      faq_id: entry.faq_id,
      question: entry.question,
      text: "钱啥时候退回来",
      by: ["王晓彤", "李娜"],
      at: Date.now(),
    },
  ];
  const me = { ...session.me, role };
  const fixture = await openDesk({ session: { ...session, me }, learned });
  fireEvent.click(await screen.findByTestId("room-knowledge"));
  const [first] = await screen.findAllByTestId("faq-row");
  if (first) fireEvent.click(first);
  return fixture;
};

describe("learned wordings", () => {
  it("say who taught them, and a lead takes them back", async () => {
    const fixture = await open("team_lead");
    const section = await screen.findByTestId("learned");
    expect(section.textContent).toContain("学到的问法");
    expect(section.textContent).toContain("钱啥时候退回来");
    expect(section.textContent).toContain("王晓彤、李娜");
    fireEvent.click(screen.getByTestId("learned-remove"));
    await waitFor(() =>
      expect(asked(fixture, "learned.rule")[0]?.args).toMatchObject({
        text: "钱啥时候退回来",
        ruling: "rejected",
      }),
    );
  });
  it("stay where an agent looks at them", async () => {
    await open("agent");
    await screen.findByTestId("learned");
    expect(screen.queryByTestId("learned-remove")).toBeNull();
  });
});
