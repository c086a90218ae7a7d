import { type FC, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { stage } from "@/ipc/files";
import type { Attachment } from "@/ipc/generated/Attachment";
import { Button, IconButton } from "@/kit/Button";
import { Icon } from "@/kit/Icon";
import { toast } from "@/kit/Notice";
import { uuidv7 } from "@/lib/uuid";
import { RpcError } from "@/platform";
import css from "./FilesEditor.module.css";

type Props = { files: readonly Attachment[]; onChange: (files: Attachment[]) => void };

const MOST = 9;

/** The pictures and files that go with a canned reply. They go to the server when they are chosen. */
export const FilesEditor: FC<Props> = ({ files, onChange }) => {
  const { t } = useTranslation();
  const picker = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const add = async (chosen: readonly File[]) => {
    setBusy(true);
    const held = [...files];
    for (const file of chosen.slice(0, MOST - files.length)) {
      try {
        const kept = await stage(uuidv7(), null, file);
        if (kept?.held) held.push(kept.held);
      } catch (error) {
        const { code } = RpcError.from(error);
        const own = code === "too_large" || code === "file_type" || code === "file_damaged";
        toast("danger", own ? t(`file.${code}`, { name: file.name }) : errorText(t, error));
      }
    }
    setBusy(false);
    onChange(held);
  };
  return (
    <div className={css.files}>
      <span>{t("canned.field.files")}</span>
      {files.map((file) => (
        <span key={file.id} className={css.one} data-testid="canned-file">
          <Icon name={file.width > 0 ? "image" : "file"} size={14} />
          <span className="one">{file.name}</span>
          <IconButton
            icon="x"
            size="sm"
            label={t("file.leaveOut", { name: file.name })}
            onClick={() => onChange(files.filter((each) => each !== file))}
          />
        </span>
      ))}
      <Button
        size="sm"
        icon="clip"
        busy={busy}
        disabled={files.length >= MOST}
        onClick={() => picker.current?.click()}
      >
        {t("canned.field.addFile")}
      </Button>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          void add(Array.from(event.currentTarget.files ?? []));
          event.currentTarget.value = "";
        }}
        data-testid="canned-picker"
      />
    </div>
  );
};
