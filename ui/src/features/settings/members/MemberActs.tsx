import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { MemberView } from "@/ipc/generated/MemberView";
import { Button } from "@/kit/Button";
import { Notice, toast } from "@/kit/Notice";
import css from "./Members.module.css";
import type { Secret } from "./PasswordDialog";
import { useMembersWork } from "./useMembersWork";

type Props = {
  member: MemberView;
  onSecret: (secret: Secret) => void;
  onClose: () => void;
};

/** What ends somebody's sessions: another password, and no access. Nobody does it to themselves. */
export const MemberActs: FC<Props> = ({ member, onSecret, onClose }) => {
  const { t } = useTranslation();
  const { busy, run, show, trouble } = useMembersWork();
  const [asks, setAsks] = useState<"password" | "deactivate" | null>(null);
  const { id: agent_id, name } = member;
  const set = async (active: boolean) => {
    await show(await call("members.active", { agent_id, active }));
  };
  const activate = () =>
    void run(async () => {
      await set(true);
      toast("success", t("members.activated", { name }));
      onClose();
    });
  const deactivate = () =>
    void run(async () => {
      await set(false);
      toast("success", t("members.deactivated", { name }), {
        label: t("members.activate"),
        run: () => void set(true).catch((error) => toast("danger", errorText(t, error))),
      });
      onClose();
    });
  const reset = () =>
    void run(async () => {
      const made = await call("members.password", { agent_id });
      await show(made.all);
      onSecret({ name, password: made.password, isNew: false });
    });
  if (member.is_me) return <p className="small muted">{t("members.oneself")}</p>;
  return (
    <div className={css.acts}>
      <div className={css.buttons}>
        <Button icon="lock" onClick={() => setAsks("password")} data-testid="member-password">
          {t("members.password")}
        </Button>
        {member.active ? (
          <Button icon="stop" onClick={() => setAsks("deactivate")} data-testid="member-deactivate">
            {t("members.deactivate")}
          </Button>
        ) : (
          <Button icon="undo" busy={busy} onClick={activate} data-testid="member-activate">
            {t("members.activate")}
          </Button>
        )}
      </div>
      {asks && (
        // In a low window it would stand below what is seen.
        <div ref={(node) => node?.scrollIntoView({ block: "nearest" })}>
          <Notice
            tone="warning"
            action={
              <Button
                look="danger"
                size="sm"
                busy={busy}
                onClick={asks === "password" ? reset : deactivate}
                data-testid="member-sure"
              >
                {t(asks === "password" ? "members.passwordSure" : "members.deactivateSure")}
              </Button>
            }
          >
            {t(asks === "password" ? "members.passwordText" : "members.deactivateText", { name })}
          </Notice>
        </div>
      )}
      {trouble && <Notice tone="danger">{trouble}</Notice>}
    </div>
  );
};
