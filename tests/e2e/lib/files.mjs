// Files in the hands of a customer or an agent.
import { until } from "./process.mjs";

/** Hands a file to the window as pasting or dropping does. */
export function hand(desk, testid, kind, name, bytes) {
  const place = desk.at(testid).first();
  return place.evaluate(
    (element, given) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(given.bytes)], given.name));
      const options = { bubbles: true, cancelable: true };
      element.dispatchEvent(
        given.kind === "paste"
          ? new ClipboardEvent("paste", { clipboardData: data, ...options })
          : new DragEvent("drop", { dataTransfer: data, ...options }),
      );
    },
    { kind, name, bytes: Array.from(bytes) },
  );
}

/** Waits until a picture is not only there but drawn. */
export const isDrawn = (locator) =>
  until("the picture is drawn", () =>
    locator.evaluate((image) => image.complete && image.naturalWidth > 0),
  );
