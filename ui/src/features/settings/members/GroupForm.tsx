import type { TFunction } from "i18next";
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

/** More top categories than anybody has. */
const CATEGORIES_MAX = 50;

/** Why these categories are none that a group takes. */
const unfitOf = (
  t: TFunction,
  categories: readonly string[],
  group: MemberGroup | null,
  groups: readonly MemberGroup[],
): string | undefined => {
  if (categories.length > CATEGORIES_MAX) return t("members.group.tooMany", { n: CATEGORIES_MAX });
  for (const category of categories) {
    if (Array.from(category).length > NAME_MAX) return t("members.group.tooLong", { n: NAME_MAX });
    if (category.includes("/")) return t("members.group.notTop", { category });
    const other = groups.find(
      ({ id, categories: theirs }) => id !== group?.id && theirs.includes(category),
    );
    if (other && !group?.categories.includes(category))
      return t("members.group.routed", { category, group: other.name });
  }
  return undefined;
};

type Props = {
  /** None: a new one. */
  group: MemberGroup | null;
  groups: readonly MemberGroup[];
  onClose: () => void;
};

/** A group: its name, and which categories are routed to it. */
export const GroupForm: FC<Props> = ({ group, groups, onClose }) => {
  const { t } = useTranslation();
  const form = useId();
  const { busy, run, show, taken, trouble } = useMembersWork();
  const [name, setName] = useState(group?.name ?? "");
  const [typed, setTyped] = useState(group?.categories.join("、") ?? "");
  const [tried, setTried] = useState(false);
  const isNamed = name.trim() !== "";
  const words = typed.split(/[、,，;；]+/).map((word) => word.trim());
  const categories = [...new Set(words.filter(Boolean))];
  const unfit = unfitOf(t, categories, group, groups);
  const missing = tried && !isNamed ? t("members.nameMissing") : undefined;
  const nameTrouble = taken ? t("members.group.taken") : missing;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isNamed || unfit) return;
    const chosen = { name: name.trim(), categories };
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
          error={nameTrouble}
          onChange={(event) => setName(event.currentTarget.value)}
          data-testid="group-name"
        />
        <LineField
          label={t("members.group.categories")}
          value={typed}
          hint={t("members.group.categoriesHint")}
          error={tried ? unfit : undefined}
          onChange={(event) => setTyped(event.currentTarget.value)}
          data-testid="group-categories"
        />
        {trouble && <Notice tone="danger">{trouble}</Notice>}
      </form>
    </Dialog>
  );
};
