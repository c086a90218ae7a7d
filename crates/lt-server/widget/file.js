// Pictures and files: what may be sent, on their way up, and fetched to be looked at.

const MAX_PICTURE = 10 * 1024 * 1024;
const MAX_FILE = 20 * 1024 * 1024;
const KINDS = {
  png: "png",
  jpg: "jpeg",
  jpeg: "jpeg",
  gif: "gif",
  webp: "webp",
  pdf: "pdf",
  txt: "text",
  log: "text",
  md: "text",
  csv: "csv",
  docx: "docx",
  xlsx: "xlsx",
};
const PICTURES = new Set(["png", "jpeg", "gif", "webp"]);

/** What a file is by its name; the server looks at its bytes. */
export function kindOf({ name }) {
  return KINDS[name.split(".").pop()?.toLowerCase() ?? ""] ?? null;
}

/** The word for why a file is not even tried; none where it is. */
export function refusalOf(file, kind) {
  if (file.size === 0) return "file_empty";
  if (kind === null) return "file_type";
  const most = PICTURES.has(kind) ? MAX_PICTURE : MAX_FILE;
  return file.size > most ? "file_too_large" : null;
}

/** Moves files. `headers()` says who calls, or nothing while the line is down. */
export function newFiles({ headers, onChange }) {
  /** What was chosen on this page: the file, how far it is, the call that moves it, what came of it. */
  const own = new Map();
  const urls = new Map();

  function put(id, state) {
    return new Promise((done) => {
      const call = new XMLHttpRequest();
      state.call = call;
      call.open("PUT", `/widget/v1/files/${id}?name=${encodeURIComponent(state.file.name)}`);
      for (const [name, value] of Object.entries(headers() ?? {}))
        call.setRequestHeader(name, value);
      call.setRequestHeader("content-type", "application/octet-stream");
      call.upload.onprogress = ({ loaded, total }) => {
        const percent = Math.floor((100 * loaded) / Math.max(1, total));
        if (percent === state.progress) return;
        state.progress = percent;
        onChange();
      };
      call.onload = () => {
        if (call.status === 200) return done(null);
        let code = "internal";
        try {
          code = JSON.parse(call.responseText).code;
        } catch {
          // A proxy answered; the same may go through later.
        }
        done(call.status >= 500 || code === "signed_out" ? "later" : code);
      };
      call.onerror = () => done("later");
      call.onabort = () => done("later");
      call.send(state.file);
    });
  }

  async function fetched(id, part) {
    const key = `${id}${part}`;
    if (!urls.has(key)) {
      const address = (async () => {
        const answer = await fetch(`/widget/v1/files/${id}${part}`, { headers: headers() ?? {} });
        if (!answer.ok) throw new Error(`file: ${answer.status}`);
        return URL.createObjectURL(await answer.blob());
      })();
      urls.set(key, address);
      address.catch(() => urls.delete(key));
    }
    return urls.get(key);
  }

  function ownUrl(id) {
    const state = own.get(id);
    if (!state) return null;
    state.url ??= URL.createObjectURL(state.file);
    return state.url;
  }

  return {
    take: (id, file) => own.set(id, { file, progress: 0, call: null, up: null, url: null }),
    progress: (id) => own.get(id)?.progress,
    /** Nothing when it is up; else why not: `"later"` where trying again may help. */
    async upload({ id }) {
      const state = own.get(id);
      // It was chosen on a page that is closed. If it went up before that, the server has it.
      if (!state) return null;
      state.up ??= put(id, state);
      const code = await state.up;
      if (code !== null) state.up = null;
      return own.has(id) ? code : "later";
    },
    stop(id) {
      const state = own.get(id);
      own.delete(id);
      state?.call?.abort();
    },
    thumb: async ({ id }) => ownUrl(id) ?? fetched(id, "/thumb"),
    whole: async ({ id }) => ownUrl(id) ?? fetched(id, ""),
  };
}
