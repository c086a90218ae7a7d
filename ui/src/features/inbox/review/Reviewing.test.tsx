import { fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import type { Role } from "@/ipc/generated/Role";
import { makeFixture } from "@/platform/fixture";
import { useRoutes } from "@/routes";
import { asked, openDesk, openRow } from "@/test/desk";

beforeEach(() => useRoutes.setState({ room: "inbox", open: null, qualityTab: null, review: null }));

async function conversation(role: Role) {
  const { session } = makeFixture().data;
  if (session.phase !== "ready") throw new Error("not signed in");
  const fixture = await openDesk({ session: { ...session, me: { ...session.me, role } } });
  await openRow(0);
  return fixture;
}
const pick = () =>
  fireEvent.keyDown(window, { key: "E", code: "KeyE", ctrlKey: true, shiftKey: true });
const resolve = () => fireEvent.keyDown(window, { key: "d", code: "KeyD", ctrlKey: true });

describe("picking for review", () => {
  it("is refused with its reason while the conversation goes on", async () => {
    const fixture = await conversation("team_lead");
    await waitFor(() =>
      expect(asked(fixture, "quality.of_conversation").length).toBeGreaterThan(0),
    );
    expect(screen.queryByTestId("review-pick")).toBeNull();
    await waitFor(() => {
      pick();
      expect(screen.getByText("会话还没解决，解决后才能抽取质检。")).toBeTruthy();
    });
    expect(asked(fixture, "quality.pick")).toHaveLength(0);
  });

  it("is refused for one's own conversation, whose review is not opened either", async () => {
    const fixture = await conversation("team_lead");
    resolve();
    await screen.findByTestId("review-pick");
    const { quality, session } = fixture.data;
    const [like] = quality.reviews;
    const open = fixture.data.rows.find(({ status }) => status === "resolved");
    if (!like || !open || session.phase !== "ready") throw new Error("nothing is there");
    const own = { ...like.row, conversation_id: open.id, agent_id: session.me.id };
    quality.reviews = [...quality.reviews, { ...like, row: own, scored: null }];
    fixture.emit({ kind: "changed", tags: [{ tag: "quality" }] });
    await waitFor(() => expect(screen.queryByTestId("review-pick")).toBeNull());
    expect(screen.queryByTestId("review-open")).toBeNull();
    pick();
    expect(await screen.findByText("自己的会话由别人质检。")).toBeTruthy();
    expect(asked(fixture, "quality.pick")).toHaveLength(0);
  });

  it("asks for the form once it has ended, and opens the review from then on", async () => {
    const fixture = await conversation("team_lead");
    resolve();
    await screen.findByTestId("review-pick");
    pick();
    fireEvent.click(await screen.findByText("在线客服通用评分表"));
    await waitFor(() => expect(asked(fixture, "quality.pick")).toHaveLength(1));
    const open = await screen.findByTestId("review-open");
    expect(screen.queryByTestId("review-pick")).toBeNull();
    fireEvent.click(open);
    await screen.findByTestId("quality-total");
    const { review, room } = useRoutes.getState();
    expect(room).toBe("quality");
    expect(fixture.data.quality.reviews.at(-1)?.row.id).toBe(review);
    const row = screen.getAllByTestId("quality-row").find((each) => each.dataset.review === review);
    expect(row?.textContent).toContain("手动抽取");
  });

  it("is asked about anew when it has gone on and ended again", async () => {
    const fixture = await conversation("team_lead");
    resolve();
    await screen.findByTestId("review-pick");
    const n = asked(fixture, "quality.of_conversation").length;
    const { data } = fixture;
    const open = data.rows.find(({ status }) => status === "resolved");
    const [like] = data.messages;
    if (!open || !like) throw new Error("nothing is there");
    const seq = Math.max(...data.messages.map((each) => each.seq)) + 1;
    data.messages = [...data.messages, { ...like, id: `${like.id}-again`, seq }];
    fixture.emit({ kind: "changed", tags: [{ tag: "conversation", id: open.id }] });
    await waitFor(() => expect(asked(fixture, "quality.of_conversation")).toHaveLength(n + 1));
  });

  it("is not an agent's", async () => {
    const fixture = await conversation("agent");
    resolve();
    await waitFor(() => expect(asked(fixture, "conversation.resolve")).toHaveLength(1));
    pick();
    expect(asked(fixture, "quality.of_conversation")).toHaveLength(0);
    expect(screen.queryByTestId("review-pick")).toBeNull();
  });
});
