import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { QaFinding } from "@/ipc/generated/QaFinding";
import { LinkButton } from "@/kit/Button";
import { findingText } from "../words";
import css from "./Item.module.css";

/** More than so many of one item are counted only. */
const MOST = 3;

type Props = { findings: readonly QaFinding[]; onSeek: (seq: number) => void };

/** What the machine found for an item; each opens the message that it stands in. */
export const Evidence: FC<Props> = ({ findings, onSeek }) => {
  const { t } = useTranslation();
  if (findings.length === 0) return null;
  const more = findings.length - MOST;
  return (
    <ul className={css.evidence}>
      {findings.slice(0, MOST).map((finding) => (
        <li key={`${finding.seq} ${JSON.stringify(finding.what)}`}>
          <LinkButton onClick={() => onSeek(finding.seq)} data-testid="quality-evidence">
            {findingText(t, finding)}
          </LinkButton>
        </li>
      ))}
      {more > 0 && <li className="muted">{t("quality.moreFound", { n: more })}</li>}
    </ul>
  );
};
