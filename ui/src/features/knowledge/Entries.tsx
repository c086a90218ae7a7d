import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import type { FaqListArgs } from "@/ipc/generated/FaqListArgs";
import type { FaqPage } from "@/ipc/generated/FaqPage";
import type { FaqRow } from "@/ipc/generated/FaqRow";
import { useFaqList } from "@/ipc/queries";
import { cx } from "@/kit/cx";
import { EmptyState } from "@/kit/EmptyState";
import { Field } from "@/kit/Field";
import { Notice } from "@/kit/Notice";
import { VirtualList } from "@/kit/VirtualList";
import { categoryText } from "@/lib/text";
import { useDebounced } from "@/lib/useDebounced";
import { useRoutes } from "@/routes";
import css from "./Entries.module.css";
import { Entry } from "./Entry";

const STILL_MS = 150;
const ROW_HEIGHT = 52;

/** The entries by business line and category, searched; one is open beside them. */
export const Entries: FC = () => {
  const { t } = useTranslation();
  const { faq, openFaq } = useRoutes();
  const [query, setQuery] = useState("");
  const [place, setPlace] = useState<Pick<FaqListArgs, "business_line" | "category">>({
    business_line: null,
    category: null,
  });
  const [active, setActive] = useState<string | null>(null);
  const still = useDebounced(query.trim(), STILL_MS);
  const { data, error } = useFaqList({ query: still, ...place });
  const rows = data?.rows ?? [];
  return (
    <div className={css.panes}>
      <Tree page={data} place={place} onPlace={setPlace} />
      <section className={css.list} aria-label={t("knowledge.list")}>
        <div className={css.bar}>
          <Field
            label={t("knowledge.search")}
            hideLabel
            icon="search"
            type="search"
            placeholder={t("knowledge.search")}
            value={query}
            data-testid="faq-query"
            onChange={(event) => setQuery(event.currentTarget.value)}
          />
        </div>
        <p className={css.count} role="status">
          {data && t("knowledge.found", { n: data.total })}
        </p>
        {error && <Notice tone="danger">{errorText(t, error)}</Notice>}
        {data && rows.length === 0 && (
          <EmptyState
            icon="book"
            title={t(still === "" ? "knowledge.noneTitle" : "knowledge.notFound")}
            text={t(still === "" ? "knowledge.noneText" : "knowledge.notFoundText")}
            testId="faq-none"
          />
        )}
        {rows.length > 0 && (
          <VirtualList
            label={t("knowledge.list")}
            items={rows}
            rowHeight={ROW_HEIGHT}
            keyOf={(row) => row.faq_id}
            activeKey={active ?? faq}
            selectedKey={faq}
            onActive={setActive}
            onChoose={(id) => {
              setActive(id);
              openFaq(id);
            }}
            renderRow={(row) => <Row row={row} />}
            look="card"
            rowClass={() => css.row}
            className={css.rows}
            testId="faq-list"
            rowTestId="faq-row"
          />
        )}
      </section>
      <section className={`${css.entry} scroll`} aria-label={t("knowledge.entry")}>
        {faq === null ? (
          <EmptyState
            icon="book"
            title={t("knowledge.chooseTitle")}
            text={t("knowledge.chooseText")}
          />
        ) : (
          <Entry key={faq} id={faq} />
        )}
      </section>
    </div>
  );
};

const Row: FC<{ row: FaqRow }> = ({ row }) => {
  const { t } = useTranslation();
  return (
    <>
      <span className="one">{row.question}</span>
      <span className={css.under}>
        <span className={css.id}>{row.faq_id}</span>
        <span className="one grow">{categoryText(row.category)}</span>
        <span className="num">{t("knowledge.similarCount", { n: row.n_similar })}</span>
      </span>
    </>
  );
};

type Place = Pick<FaqListArgs, "business_line" | "category">;
type TreeProps = {
  page: FaqPage | undefined;
  place: Place;
  onPlace: (place: Place) => void;
};

const Tree: FC<TreeProps> = ({ page, place, onPlace }) => {
  const { t } = useTranslation();
  const lines = page?.lines ?? [];
  const all = lines.reduce((sum, line) => sum + line.n, 0);
  const item = (label: string, n: number, to: Place, deep: boolean) => {
    const current = place.business_line === to.business_line && place.category === to.category;
    return (
      <button
        type="button"
        className={cx(css.node, deep && css.deep)}
        aria-current={current ? "true" : undefined}
        onClick={() => onPlace(to)}
      >
        <span className="one grow">{label}</span>
        <span className="num muted">{n.toLocaleString()}</span>
      </button>
    );
  };
  return (
    <nav className={`${css.tree} scroll`} aria-label={t("knowledge.places")}>
      {item(t("knowledge.all"), all, { business_line: null, category: null }, false)}
      <h2 className={css.lines}>{t("knowledge.lines")}</h2>
      <ul>
        {lines.map((line) => (
          <li key={line.name}>
            {item(line.name, line.n, { business_line: line.name, category: null }, false)}
            <ul>
              {line.categories.map((category) => (
                <li key={category.name}>
                  {item(
                    categoryText(category.name) || t("knowledge.noCategory"),
                    category.n,
                    { business_line: line.name, category: category.name },
                    true,
                  )}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </nav>
  );
};
