import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import type { AgentId } from "@/ipc/generated/AgentId";
import { useMembers } from "@/ipc/members";
import { Button } from "@/kit/Button";
import { Notice } from "@/kit/Notice";
import { RpcError } from "@/platform";
import { FindHead } from "../Find";
import { Groups } from "./Groups";
import { MemberForm } from "./MemberForm";
import css from "./Members.module.css";
import { MemberTable } from "./MemberTable";
import { PasswordDialog, type Secret } from "./PasswordDialog";

const NEW = "new";

/** Who has an account, and the groups that they work in. All of it is the server's. */
export const Members: FC = () => {
  const { t } = useTranslation();
  const { data, error } = useMembers();
  const [query, setQuery] = useState("");
  const [open, setOpen] = useState<AgentId | typeof NEW | null>(null);
  const [secret, setSecret] = useState<Secret | null>(null);
  const isOffline = error !== null && RpcError.from(error).code === "offline";
  const trouble = error && (
    <Notice tone={isOffline ? "plain" : "danger"} testId="members-trouble">
      {isOffline ? t("members.offline") : errorText(t, error)}
    </Notice>
  );
  if (!data) return trouble;
  const { members, groups } = data;
  const words = query.trim().toLowerCase();
  const namesOf = (ids: readonly string[]) =>
    groups.filter(({ id }) => ids.includes(id)).map(({ name }) => name);
  const shown = members
    .filter((one) =>
      [one.name, one.username, t(`role.${one.role}`), ...namesOf(one.groups)].some((part) =>
        part.toLowerCase().includes(words),
      ),
    )
    .sort((a, b) => Number(b.active) - Number(a.active));
  const chosen = members.find(({ id }) => id === open);
  return (
    <div className={css.members} data-testid="members">
      {trouble}
      <p className="soft">{t("members.about")}</p>
      <FindHead label={t("members.find")} query={query} onQuery={setQuery} testId="members-find">
        <span className="small muted num">
          {t("members.count", { n: members.filter(({ active }) => active).length })}
        </span>
        <span className="grow" />
        <Button look="primary" icon="plus" onClick={() => setOpen(NEW)} data-testid="member-new">
          {t("members.new")}
        </Button>
      </FindHead>
      {shown.length > 0 ? (
        <MemberTable members={shown} namesOf={namesOf} openKey={open} onOpen={setOpen} />
      ) : (
        <p className="soft">{t("members.none")}</p>
      )}
      <Groups groups={groups} members={members} />
      {(chosen || open === NEW) && (
        <MemberForm
          key={open}
          member={chosen ?? null}
          groups={groups}
          onSecret={(next) => {
            setOpen(null);
            setSecret(next);
          }}
          onClose={() => setOpen(null)}
        />
      )}
      {secret && <PasswordDialog secret={secret} onClose={() => setSecret(null)} />}
    </div>
  );
};
