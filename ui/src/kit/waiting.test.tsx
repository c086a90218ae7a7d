import { fireEvent, render, screen } from "@testing-library/react";
import { type FC, useState } from "react";
import { describe, expect, it, vi } from "vitest";
import { Board } from "./Board";
import { Table } from "./Table";
import { VirtualList } from "./VirtualList";

type Item = { id: string };
type Look = {
  items: readonly (Item | undefined)[];
  active: string | null;
  onActive: (key: string) => void;
  onOpen: (key: string) => void;
};

const keyOf = ({ id }: Item) => id;
const LISTS = {
  table: ({ items, active, onActive, onOpen }: Look) => (
    <Table
      label="rows"
      columns={[{ id: "id", label: "id", width: "1fr", cell: keyOf }]}
      items={items}
      keyOf={keyOf}
      activeKey={active}
      openKey={null}
      onActive={onActive}
      onOpen={onOpen}
      testId="list"
    />
  ),
  list: ({ items, active, onActive, onOpen }: Look) => (
    <VirtualList
      label="rows"
      items={items}
      rowHeight={20}
      keyOf={keyOf}
      activeKey={active}
      selectedKey={null}
      onActive={onActive}
      // As in the inbox, what is opened is what the keys stand on.
      onChoose={(key) => {
        onOpen(key);
        onActive(key);
      }}
      renderRow={keyOf}
      testId="list"
    />
  ),
  board: ({ items, active, onActive, onOpen }: Look) => (
    <Board
      label="rows"
      columns={[{ id: "only", title: "only", count: items.length, items, shut: false }]}
      keyOf={keyOf}
      renderCard={keyOf}
      activeKey={active}
      openKey={null}
      onActive={onActive}
      onOpen={onOpen}
      targets={() => []}
      onMove={() => undefined}
      onToggle={() => undefined}
      canShut={() => false}
      dropText=""
      emptyText=""
      testId="list"
    />
  ),
} as const;
type Kind = keyof typeof LISTS;

const N = 60;
/** The rows of which those up to `known` are there. */
const rows = (known: number) =>
  Array.from({ length: N }, (_, n) => (n < known ? { id: `r${n}` } : undefined));

/** A list that is stood on at its row 1, and of which only the first rows are known. */
const Whole: FC<{ kind: Kind; onOpen: (key: string) => void }> = ({ kind, onOpen }) => {
  const [items, setItems] = useState(rows(30));
  const [active, setActive] = useState("r1");
  return (
    <>
      {LISTS[kind]({ items, active, onActive: setActive, onOpen })}
      <output>on {active}</output>
      <button type="button" onClick={() => setItems(rows(N))}>
        all come
      </button>
      <button type="button" onClick={() => setActive("r4")}>
        stand elsewhere
      </button>
      <button type="button" onClick={() => setItems(rows(N).with(1, undefined))}>
        this one goes out of sight
      </button>
    </>
  );
};

function shown(kind: Kind) {
  const opened = vi.fn<(key: string) => void>();
  render(<Whole kind={kind} onOpen={opened} />);
  return {
    opened,
    press: (key: string) => fireEvent.keyDown(screen.getByTestId("list"), { key }),
    click: (text: string) => fireEvent.click(screen.getByText(text)),
    active: () => screen.getByRole("status").textContent,
  };
}

describe.each(["table", "list", "board"] as const)("the keys of a %s", (kind) => {
  it("stand on a row as soon as it is known", () => {
    const { press, click, active } = shown(kind);
    press("End");
    expect(active()).toBe("on r1");
    click("all come");
    expect(active()).toBe("on r59");
  });

  it.each([
    ["by a click", "r3", "r3"],
    ["by a click on the row they left", "r1", "r1"],
    ["from elsewhere", "stand elsewhere", "r4"],
  ])("stay where they were put %s while they waited for another row", (_, text, expected) => {
    const { press, click, active } = shown(kind);
    press("End");
    click(text);
    click("all come");
    expect(active()).toBe(`on ${expected}`);
  });

  it("open nothing while they wait for a row, and then that row", () => {
    const { press, click, opened } = shown(kind);
    press("End");
    press("Enter");
    expect(opened).not.toHaveBeenCalled();
    click("all come");
    press("Enter");
    expect(opened.mock.calls).toEqual([["r59"]]);
  });
});

it.each(["table", "list"] as const)(
  "the keys of a %s go on from a row that is out of sight",
  (kind) => {
    const { press, click, active } = shown(kind);
    click("this one goes out of sight");
    press("ArrowDown");
    expect(active()).toBe("on r2");
  },
);
