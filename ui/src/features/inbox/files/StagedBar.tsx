import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { FileView } from "@/ipc/generated/FileView";
import { IconButton } from "@/kit/Button";
import { Icon } from "@/kit/Icon";
import { Progress } from "@/kit/Progress";
import css from "./StagedBar.module.css";
import { sizeText } from "./size";
import { useFileUrl } from "./useFileUrl";
import type { useStaged } from "./useStaged";

type Props = Pick<ReturnType<typeof useStaged>, "files" | "coming" | "drop">;

/** What goes out after the text: pictures and files, each with a way to leave it out. */
export const StagedBar: FC<Props> = ({ files, coming, drop }) => {
  const { t } = useTranslation();
  if (files.length + coming.length === 0) return null;
  return (
    <ul className={css.bar} aria-label={t("file.waiting")} data-testid="staged">
      {files.map((file) => (
        <li key={file.id} className={css.one} title={file.name} data-testid="staged-file">
          <Face file={file} />
          <span className={css.text}>
            <span className="one">{file.name}</span>
            <span className="soft num">{sizeText(file.n_bytes)}</span>
          </span>
          <Out name={file.name} drop={() => drop(file.id)} />
        </li>
      ))}
      {coming.map(({ id, name, done }) => (
        <li key={id} className={css.one}>
          <Icon name="upload" />
          <span className={css.text}>
            <span className="one">{name}</span>
            <Progress value={done} max={1} label={name} />
          </span>
          <Out name={name} drop={() => drop(id)} />
        </li>
      ))}
    </ul>
  );
};

const Face: FC<{ file: FileView }> = ({ file }) => {
  const { url } = useFileUrl(file.id, null, "thumb", file.is_image);
  return url ? (
    <img className={css.face} src={url} alt="" />
  ) : (
    <span className={css.face}>
      <Icon name={file.is_image ? "image" : "file"} />
    </span>
  );
};

const Out: FC<{ name: string; drop: () => void }> = ({ name, drop }) => {
  const { t } = useTranslation();
  return (
    <IconButton
      icon="x"
      size="sm"
      label={t("file.leaveOut", { name })}
      onClick={drop}
      data-testid="leave-out"
    />
  );
};
