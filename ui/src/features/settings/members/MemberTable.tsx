import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MemberView } from "@/ipc/generated/MemberView";
import { PresenceMark, Tag } from "@/kit/Marks";
import { Table, type TableColumn } from "@/kit/Table";
import { skillsText } from "../routing/text";
import { useMoment } from "../safekeeping/useMoment";
import css from "./Members.module.css";

type Props = {
  members: readonly MemberView[];
  namesOf: (groups: readonly string[]) => string[];
  openKey: string | null;
  onOpen: (id: string) => void;
};

/** The accounts, one a line. */
export const MemberTable: FC<Props> = ({ members, namesOf, openKey, onOpen }) => {
  const { t } = useTranslation();
  const moment = useMoment();
  const [active, setActive] = useState<string | null>(null);
  const groups = (one: MemberView) => namesOf(one.groups).join("、") || t("members.noGroup");
  const columns: TableColumn<MemberView, never>[] = [
    {
      id: "name",
      label: t("members.name"),
      width: "minmax(120px, 1fr)",
      cell: (one) => (
        <>
          {one.name} <span className="small muted">{one.username}</span>
        </>
      ),
    },
    {
      id: "role",
      label: t("members.role"),
      width: "88px",
      cell: (one) => t(`role.${one.role}`),
    },
    {
      id: "groups",
      label: t("members.groups"),
      width: "minmax(120px, 1.2fr)",
      cell: (one) => (
        <span title={[groups(one), skillsText(one.skills)].filter(Boolean).join("\n")}>
          {groups(one)}
          {one.skills.length > 0 && <span className="small muted"> {skillsText(one.skills)}</span>}
        </span>
      ),
    },
    {
      id: "state",
      label: t("members.state"),
      width: "minmax(132px, 0.8fr)",
      cell: (one) => <State member={one} moment={moment} />,
    },
  ];
  return (
    <div className={css.table}>
      <Table
        label={t("members.list")}
        columns={columns}
        items={members}
        keyOf={({ id }) => id}
        activeKey={active ?? members[0]?.id ?? null}
        goneTo={active}
        openKey={openKey}
        onActive={setActive}
        onOpen={onOpen}
        rowLook={(one) => !one.active && css.gone}
        testId="member"
      />
    </div>
  );
};

type StateProps = { member: MemberView; moment: (at: number) => string };

/** Whether they may sign in, whether they are there, and else when they were. */
const State: FC<StateProps> = ({ member: { active, presence, seen_at }, moment }) => {
  const { t } = useTranslation();
  if (!active) return <Tag>{t("members.inactive")}</Tag>;
  if (presence !== "offline")
    return (
      <span className={css.state}>
        <PresenceMark shape={presence} /> {t(`presence.${presence}`)}
      </span>
    );
  return (
    <span className="small muted num">
      {seen_at === null ? t("members.neverSeen") : t("members.seen", { at: moment(seen_at) })}
    </span>
  );
};
