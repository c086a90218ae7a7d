import { type FC, type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@/ipc/call";
import type { MemberGroup } from "@/ipc/generated/MemberGroup";
import type { MemberSeen } from "@/ipc/generated/MemberSeen";
import type { MemberView } from "@/ipc/generated/MemberView";
import type { Role } from "@/ipc/generated/Role";
import { Button } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";
import { CheckField, ChoiceField, LineField } from "@/kit/FormField";
import { Notice, toast } from "@/kit/Notice";
import { readSkills, skillsText } from "../routing/text";
import { MemberActs } from "./MemberActs";
import css from "./Members.module.css";
import type { Secret } from "./PasswordDialog";
import { useMembersWork } from "./useMembersWork";

const ROLES: readonly Role[] = ["agent", "team_lead", "admin"];
/** The longest name, in characters. */
export const NAME_MAX = 64;
/** What a login name is made of. */
const USERNAME = /^[\p{Alphabetic}\p{N}._@-]{1,64}$/u;

/** What a change may overwrite, as it is. */
const seenOf = ({ name, role, groups, skills }: MemberView): MemberSeen => ({
  name,
  role,
  groups,
  skills,
});

type Props = {
  /** None: a new one. */
  member: MemberView | null;
  groups: readonly MemberGroup[];
  onSecret: (secret: Secret) => void;
  onClose: () => void;
};

/** An account: who it is, what it may do, and where it works. */
export const MemberForm: FC<Props> = ({ member, groups, onSecret, onClose }) => {
  const { t } = useTranslation();
  const form = useId();
  const { busy, run, show, taken, trouble } = useMembersWork();
  const [name, setName] = useState(member?.name ?? "");
  const [username, setUsername] = useState(member?.username ?? "");
  const [role, setRole] = useState<Role>(member?.role ?? "agent");
  const [works, setWorks] = useState<readonly string[]>(member?.groups ?? []);
  const [typed, setTyped] = useState(skillsText(member?.skills ?? []));
  // What stands in the fields is of this moment; the list goes on beneath the form.
  const [seen] = useState(member && seenOf(member));
  const [tried, setTried] = useState(false);
  const skills = readSkills(typed);
  const isNamed = name.trim() !== "";
  const isCalled = member !== null || USERNAME.test(username.trim());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isNamed || !isCalled || !skills) return;
    const chosen = { name: name.trim(), role, groups: [...works], skills };
    void run(async () => {
      if (member && seen) {
        await show(await call("members.edit", { agent_id: member.id, seen, ...chosen }));
        toast("success", t("members.saved", { name: chosen.name }));
        onClose();
        return;
      }
      const made = await call("members.create", { username: username.trim(), ...chosen });
      await show(made.all);
      onSecret({ name: chosen.name, password: made.password, isNew: true });
    });
  };
  const givesUp = member?.is_me === true && member.role === "admin" && role !== "admin";
  return (
    <Dialog
      open
      onClose={onClose}
      title={member ? t("members.edit", { name: member.name }) : t("members.new")}
      text={member ? t("members.called", { username: member.username }) : t("members.newText")}
      testId="member-form"
      foot={
        <>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button type="submit" form={form} look="primary" busy={busy} data-testid="member-save">
            {t(member ? "members.save" : "members.create")}
          </Button>
        </>
      }
    >
      <form id={form} className={css.form} onSubmit={submit} noValidate>
        <LineField
          label={t("members.name")}
          value={name}
          maxLength={NAME_MAX}
          error={tried && !isNamed ? t("members.nameMissing") : undefined}
          onChange={(event) => setName(event.currentTarget.value)}
          data-testid="member-name"
        />
        {!member && (
          <LineField
            label={t("members.username")}
            value={username}
            maxLength={NAME_MAX}
            autoComplete="off"
            spellCheck={false}
            hint={t("members.usernameHint")}
            error={taken ?? (tried && !isCalled ? t("members.usernameWrong") : undefined)}
            onChange={(event) => setUsername(event.currentTarget.value)}
            data-testid="member-username"
          />
        )}
        <ChoiceField
          label={t("members.role")}
          value={role}
          disabled={member?.is_last_admin}
          hint={member?.is_last_admin ? t("members.lastAdmin") : t(`members.may.${role}`)}
          error={givesUp ? t("members.givesUp") : undefined}
          items={ROLES.map((id) => ({ id, label: t(`role.${id}`) }))}
          onChoose={(id) => setRole(ROLES.find((each) => each === id) ?? role)}
          data-testid="member-role"
        />
        <fieldset className={css.works}>
          <legend className="small soft">{t("members.groups")}</legend>
          {groups.map(({ id, name: group }) => (
            <CheckField
              key={id}
              label={group}
              checked={works.includes(id)}
              onChange={(is) => setWorks(is ? [...works, id] : works.filter((one) => one !== id))}
              testId="member-group"
            />
          ))}
          {groups.length === 0 && <p className="small muted">{t("members.groupsNone")}</p>}
        </fieldset>
        <LineField
          label={t("members.skills")}
          value={typed}
          placeholder={t("routingSettings.skillsHint")}
          hint={t("members.skillsHint")}
          error={tried && !skills ? t("members.skillsWrong") : undefined}
          onChange={(event) => setTyped(event.currentTarget.value)}
          data-testid="member-skills"
        />
        {trouble && <Notice tone="danger">{trouble}</Notice>}
      </form>
      {member && <MemberActs member={member} onSecret={onSecret} onClose={onClose} />}
    </Dialog>
  );
};
