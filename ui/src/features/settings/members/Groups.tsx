import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import type { GroupId } from "@/ipc/generated/GroupId";
import type { MemberGroup } from "@/ipc/generated/MemberGroup";
import type { MemberView } from "@/ipc/generated/MemberView";
import { Button } from "@/kit/Button";
import { EmptyState } from "@/kit/EmptyState";
import { Line, Section } from "../Lines";
import { GroupForm } from "./GroupForm";

const NEW = "new";

type Props = { groups: readonly MemberGroup[]; members: readonly MemberView[] };

/** The groups, what is routed to each, and how many work there. */
export const Groups: FC<Props> = ({ groups, members }) => {
  const { t } = useTranslation();
  const [open, setOpen] = useState<GroupId | typeof NEW | null>(null);
  const chosen = groups.find(({ id }) => id === open);
  const working = (id: GroupId) =>
    members.filter((one) => one.active && one.groups.includes(id)).length;
  const make = (
    <Button size="sm" icon="plus" onClick={() => setOpen(NEW)} data-testid="group-new">
      {t("members.group.new")}
    </Button>
  );
  return (
    <Section title={t("members.group.title")}>
      {groups.map((group) => (
        <Line
          key={group.id}
          label={group.name}
          hint={
            group.categories.length > 0
              ? t("members.group.takes", { list: group.categories.join("、") })
              : t("members.group.takesNone")
          }
        >
          <span className="small muted num" data-testid="group-size">
            {t("members.group.size", { n: working(group.id) })}
          </span>
          <Button
            size="sm"
            icon="edit"
            aria-label={t("members.group.edit", { name: group.name })}
            onClick={() => setOpen(group.id)}
            data-testid="group-edit"
          >
            {t("members.group.change")}
          </Button>
        </Line>
      ))}
      {groups.length > 0 ? (
        <div>{make}</div>
      ) : (
        <EmptyState
          icon="users"
          title={t("members.group.emptyTitle")}
          text={t("members.group.emptyText")}
        >
          {make}
        </EmptyState>
      )}
      {(chosen || open === NEW) && (
        <GroupForm
          key={open}
          group={chosen ?? null}
          groups={groups}
          onClose={() => setOpen(null)}
        />
      )}
    </Section>
  );
};
