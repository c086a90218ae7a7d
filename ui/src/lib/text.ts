const encoder = new TextEncoder();

/** Length in bytes as stored. */
export const byteLength = (text: string): number => encoder.encode(text).length;

/** A category path as it is read: `售后 / 退款`. */
export const categoryText = (category: string): string =>
  category
    .split("/")
    .map((part) => part.trim())
    .join(" / ");

/** The first character as a person sees it. */
export const firstLetter = (text: string): string =>
  Array.from(text.trim())[0]?.toUpperCase() ?? "";

/** The last character of a Chinese name, the first of another. */
export const selfLetter = (name: string): string => {
  const letters = Array.from(name.trim());
  const last = letters.at(-1) ?? "";
  return /\p{Script=Han}/u.test(last) ? last : firstLetter(name);
};
