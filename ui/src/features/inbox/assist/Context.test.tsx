import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import "@/i18n";
import { Context } from "./Context";

test("slots and tries are said in words", () => {
  render(
    <Context
      context={{
        slots: [
          { slot: "order", text: "LX20********7213" },
          { slot: "amount", text: "约 ¥300" },
        ],
        tried: [
          { kind: "answered", question: "怎么查快递到哪了", live: true },
          { kind: "offered", questions: ["退款多久到账", "怎么申请退款"] },
          { kind: "asked_for", slot: "order" },
          { kind: "asked_again" },
        ],
        failed_turns: 2,
      }}
    />,
  );
  const text = screen.getByTestId("context").textContent ?? "";
  for (const part of [
    "订单号LX20********7213",
    "金额约 ¥300",
    "答了「怎么查快递到哪了」实时",
    "问了是不是「退款多久到账」或「怎么申请退款」",
    "要过订单号",
    "请客户换过说法",
  ])
    expect(text).toContain(part);
});

test("nothing is shown while there is nothing", () => {
  const { container } = render(<Context context={{ slots: [], tried: [], failed_turns: 0 }} />);
  expect(container.innerHTML).toBe("");
});
