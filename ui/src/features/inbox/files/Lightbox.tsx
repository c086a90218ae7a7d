import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { useTransfers } from "@/ipc/files";
import type { FileView } from "@/ipc/generated/FileView";
import { Button, IconButton } from "@/kit/Button";
import { Icon } from "@/kit/Icon";
import { Lightbox as Box } from "@/kit/Lightbox";
import { Progress } from "@/kit/Progress";
import { sizeText } from "./size";
import { useFileUrl } from "./useFileUrl";

type Props = { file: FileView; messageId: string; onClose: () => void; save: () => void };

/** A picture as large as the window. It is fetched now, and that is noted at the server. */
export const Lightbox: FC<Props> = ({ file, messageId, onClose, save }) => {
  const { t } = useTranslation();
  const { url, failed, retry } = useFileUrl(file.id, messageId, "whole");
  const done = useTransfers(({ done: all }) => all[file.id]);
  return (
    <Box
      label={t("file.large", { name: file.name })}
      onClose={onClose}
      bar={
        <>
          <Icon name="image" />
          <span className="one">{file.name}</span>
          <span className="soft num">
            {file.width} × {file.height}
            <i className="sep" />
            {sizeText(file.n_bytes)}
          </span>
          <span className="grow" />
          <Button onClick={save} data-testid="save-file">
            {t("file.save")}
          </Button>
          <IconButton icon="x" label={t("file.close")} onClick={onClose} />
        </>
      }
    >
      {url ? (
        <img src={url} alt={file.name} data-testid="large-picture" />
      ) : failed ? (
        <Button onClick={retry}>{t("file.again")}</Button>
      ) : (
        <Progress value={done ?? 0} max={1} label={t("file.moving", { name: file.name })} />
      )}
    </Box>
  );
};
