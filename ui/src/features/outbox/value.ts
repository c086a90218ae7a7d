import type { TFunction } from "i18next";
import type { FieldValue } from "@/ipc/generated/FieldValue";
import { categoryText } from "@/lib/text";

/** A value as it is read. */
export function valueText(t: TFunction, value: FieldValue): string {
  switch (value.field) {
    case "priority":
      return t(`priority.${value.value}`);
    case "category":
      return categoryText(value.value);
    case "summary":
      return value.value;
  }
}
