import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import { useTransfers } from "@/ipc/files";
import type { FileView } from "@/ipc/generated/FileView";
import type { MessageView } from "@/ipc/generated/MessageView";
import { IconButton, LinkButton } from "@/kit/Button";
import { cx } from "@/kit/cx";
import { Icon } from "@/kit/Icon";
import { toast } from "@/kit/Notice";
import { Progress } from "@/kit/Progress";
import css from "./FileBubble.module.css";
import { Lightbox } from "./Lightbox";
import { sidesIn, sizeText } from "./size";
import { useFileUrl } from "./useFileUrl";

const MOST_PX = 260;

type Props = { file: FileView; message: MessageView; conversationId: string };

/** A picture or a file in the thread. */
export const FileBubble: FC<Props> = ({ file, message, conversationId }) => {
  const { t } = useTranslation();
  const done = useTransfers(({ done: all }) => all[file.id]);
  const waits = message.delivery === "pending" && message.refused === null && message.seq === 0;
  const save = useSave(file, message.id);
  const cancel = () =>
    void call("file.cancel", { conversation_id: conversationId, message_id: message.id }).catch(
      (error: unknown) => toast("danger", errorText(t, error)),
    );
  return (
    <div className={css.file} data-testid="file">
      {file.is_image ? (
        <Picture file={file} message={message} save={save} />
      ) : (
        <div className={css.card}>
          <span className={css.kind}>
            <Icon name="file" size={20} />
          </span>
          <span className={css.text}>
            <span className={css.name} title={file.name}>
              {file.name}
            </span>
            <span className="soft num">{sizeText(file.n_bytes)}</span>
          </span>
          <IconButton
            icon="download"
            size="sm"
            label={t("file.saveOne", { name: file.name })}
            onClick={save}
            data-testid="save-file"
          />
        </div>
      )}
      {done !== undefined && (
        <Progress value={done} max={1} label={t("file.moving", { name: file.name })} />
      )}
      {waits && (
        <LinkButton className={css.cancel} onClick={cancel} data-testid="cancel-file">
          {t("file.cancel")}
        </LinkButton>
      )}
    </div>
  );
};

/** Saves a file outside of the desk, and says where. */
function useSave(file: FileView, message: string): () => void {
  const { t } = useTranslation();
  return () =>
    void call("file.save", { file_id: file.id, message_id: message, part: "whole", offset: 0 })
      .then(({ path }) => toast("success", t("file.saved", { path })))
      .catch((error: unknown) => toast("danger", errorText(t, error)));
}

type PictureProps = { file: FileView; message: MessageView; save: () => void };

const Picture: FC<PictureProps> = ({ file, message, save }) => {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const { url, failed, retry } = useFileUrl(file.id, message.id, "thumb");
  const { w, h } = sidesIn(file.width, file.height, MOST_PX);
  if (failed)
    return (
      <div className={css.card} data-testid="picture-failed">
        <Icon name="image" size={20} />
        <span className={css.text}>
          <span className={css.name}>{file.name}</span>
          <span className="soft">{t("file.notHere")}</span>
        </span>
        <LinkButton onClick={retry}>{t("file.again")}</LinkButton>
      </div>
    );
  return (
    <>
      <button
        type="button"
        className={cx(css.picture, !url && css.empty)}
        aria-label={t("file.look", { name: file.name })}
        onClick={() => setOpen(true)}
        data-testid="picture"
      >
        {url ? (
          <img src={url} width={w} height={h} alt={file.name} />
        ) : (
          <svg width={w} height={h} aria-hidden="true" />
        )}
      </button>
      {open && (
        <Lightbox file={file} messageId={message.id} onClose={() => setOpen(false)} save={save} />
      )}
    </>
  );
};
