import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { useInboxChoices } from "@/ipc/queries";
import { Button } from "@/kit/Button";
import { LineField } from "@/kit/FormField";
import { composing } from "@/lib/ime";
import css from "./Filter.module.css";

const MAX_CHARS = 24;

type Props = { removes: boolean; onTag: (tag: string) => void; onClose: () => void };

/** Which tag all ticked rows get, or lose. */
export const BulkTag: FC<Props> = ({ removes, onTag, onClose }) => {
  const { t } = useTranslation();
  const [tag, setTag] = useState("");
  const { data } = useInboxChoices(true);
  const go = () => {
    if (tag.trim() !== "") onTag(tag.trim());
  };
  const label = t(removes ? "bulk.untag" : "bulk.tagName");
  return (
    <div className={css.save}>
      <LineField
        autoFocus
        label={label}
        hideLabel
        placeholder={label}
        list="bulk-tags"
        maxLength={MAX_CHARS}
        value={tag}
        onChange={(event) => setTag(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (composing(event.nativeEvent)) return;
          if (event.key === "Enter") go();
          if (event.key === "Escape") {
            event.stopPropagation();
            onClose();
          }
        }}
        data-testid="bulk-tag-name"
      />
      <datalist id="bulk-tags">
        {data?.tags.map((known) => (
          <option key={known.tag} value={known.tag} />
        ))}
      </datalist>
      <Button size="sm" onClick={go} data-testid="bulk-tag-add">
        {t(removes ? "bulk.removeTag" : "bulk.addTag")}
      </Button>
    </div>
  );
};
