import { type FC, type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@/ipc/call";
import type { MemberGroup } from "@/ipc/generated/MemberGroup";
import { Button } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";
import { LineField } from "@/kit/FormField";
import { Notice, toast } from "@/kit/Notice";
import { NAME_MAX } from "./MemberForm";
import css from "./Members.module.css";
import { useMembersWork } from "./useMembersWork";

type Props = {
  /** None: a new one. */
  group: MemberGroup | null;
  onClose: () => void;
};

/** A group: its name, and which categories are routed to it. */
export const GroupForm: FC<Props> = ({ group, onClose }) => {
  const { t } = useTranslation();
  const form = useId();
  const { busy, run, show, taken, trouble } = useMembersWork();
  const [name, setName] = useState(group?.name ?? "");
  const [typed, setTyped] = useState(group?.categories.join("、") ?? "");
  const [tried, setTried] = useState(false);
  const isNamed = name.trim() !== "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isNamed) return;
    const words = typed.split(/[、,，;；]+/).map((word) => word.trim());
    const chosen = { name: name.trim(), categories: [...new Set(words.filter(Boolean))] };
    void run(async () => {
      const all = group
        ? await call("members.group_edit", { group_id: group.id, ...chosen })
        : await call("members.group_create", chosen);
      await show(all);
      toast("success", t("members.saved", { name: chosen.name }));
      onClose();
    });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={group ? t("members.group.edit", { name: group.name }) : t("members.group.new")}
      text={group ? t("members.group.stays") : t("members.group.newText")}
      testId="group-form"
      foot={
        <>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button type="submit" form={form} look="primary" busy={busy} data-testid="group-save">
            {t("members.save")}
          </Button>
        </>
      }
    >
      <form id={form} className={css.form} onSubmit={submit} noValidate>
        <LineField
          label={t("members.group.name")}
          value={name}
          maxLength={NAME_MAX}
          error={taken ?? (tried && !isNamed ? t("members.nameMissing") : undefined)}
          onChange={(event) => setName(event.currentTarget.value)}
          data-testid="group-name"
        />
        <LineField
          label={t("members.group.categories")}
          value={typed}
          hint={t("members.group.categoriesHint")}
          onChange={(event) => setTyped(event.currentTarget.value)}
          data-testid="group-categories"
        />
        {trouble && <Notice tone="danger">{trouble}</Notice>}
      </form>
    </Dialog>
  );
};
