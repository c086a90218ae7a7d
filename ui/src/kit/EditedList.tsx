import type { FC, ReactNode } from "react";
import { Button } from "./Button";
import { cx } from "./cx";
import css from "./EditedList.module.css";
import { ListDetail, ListRow, ListRows } from "./ListDetail";
import { Tag } from "./Marks";

export type EditedRow = {
  id: string;
  name: string;
  /** What it is about, in a line. */
  note: string;
  marks: readonly { label: string; tone?: "warning" | "danger" }[];
  signal?: ReactNode;
  isOff?: boolean;
};

type Props = {
  label: string;
  /** How many there are, in words. */
  count: string;
  rows: readonly EditedRow[];
  chosen: string | null;
  onChoose: (id: string) => void;
  /** How one more is made, where that may be. */
  add?: { label: string; keys: string | undefined; act: () => void } | false;
  /** The one that is being written. */
  children: ReactNode;
  testId: string;
};

/** What people write and keep, and the one of it that is being written. */
export const EditedList: FC<Props> = (props) => {
  const { label, count, rows, chosen, onChoose, add, children, testId } = props;
  return (
    <ListDetail
      label={label}
      bar={
        <>
          <span className="grow soft">{count}</span>
          {add && (
            <Button icon="plus" title={add.keys} onClick={add.act} data-testid={`${testId}-new`}>
              {add.label}
            </Button>
          )}
        </>
      }
      list={
        <ListRows testId={`${testId}s`}>
          {rows.map(({ id, name, note, marks, signal, isOff = false }) => (
            <li key={id}>
              <ListRow
                isChosen={id === chosen}
                className={cx(isOff && css.off)}
                aria-current={id === chosen || undefined}
                onClick={() => onChoose(id)}
                data-testid={`${testId}-row`}
              >
                {signal}
                <span className={css.words}>
                  <span className={css.title}>
                    <span className="one strong">{name}</span>
                    {marks.map(({ label: mark, ...rest }) => (
                      <Tag key={mark} {...rest}>
                        {mark}
                      </Tag>
                    ))}
                  </span>
                  <span className="one small soft">{note}</span>
                </span>
              </ListRow>
            </li>
          ))}
        </ListRows>
      }
    >
      {children}
    </ListDetail>
  );
};
