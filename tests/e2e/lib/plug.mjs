// The cable between the desktop and the server, which can be pulled in the middle of a send. It speaks
// TLS with the server's own key on both sides, so that it sees which frame goes by.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import tls from "node:tls";

/** The first bit of a frame's second byte says that it is masked, as all of a client are. */
const MASKED = 0x80;
const MASK_BYTES = 4;

export class Plug {
  #server;
  #open = new Set();
  #isIn = true;
  #pulling;

  /** A cable to a server of this machine; desktops dial `url`. */
  static async into({ data, port }) {
    const plug = new Plug();
    const file = (name) => readFileSync(path.join(data, "tls", name));
    const own = { key: file("server.key"), cert: file("server.pem") };
    plug.#server = tls
      .createServer({ ...own, ALPNProtocols: ["http/1.1"] }, (desk) => plug.#carry(desk, port))
      .listen(0, "127.0.0.1");
    // A desktop that hangs up while it is greeted comes back by itself.
    plug.#server.on("tlsClientError", () => {});
    await once(plug.#server, "listening");
    plug.#server.unref();
    plug.url = `https://127.0.0.1:${plug.#server.address().port}`;
    return plug;
  }

  /**
   * Puts it in, and pulls it when the desktop has said a frame that holds this text: the frame still
   * reaches the server, and no answer comes back. Resolves when it is out.
   */
  pullAt(text) {
    this.#isIn = true;
    return new Promise((resolve) => {
      this.#pulling = { text, resolve };
    });
  }

  /** Puts it back. */
  putBack() {
    this.#isIn = true;
  }

  #carry(desk, port) {
    if (!this.#isIn) {
      desk.destroy();
      return;
    }
    // The authority is the server's own; who the server is has been checked where it was started.
    const server = tls.connect({ port, host: "127.0.0.1", rejectUnauthorized: false });
    const ends = { desk, server };
    this.#open.add(ends);
    const close = () => {
      desk.destroy();
      // What was said is delivered before the line is down.
      server.end();
      this.#open.delete(ends);
    };
    const frames = new Frames();
    desk.on("data", (bytes) => {
      server.write(bytes);
      for (const frame of frames.of(bytes)) this.#said(frame);
    });
    server.on("data", (bytes) => {
      if (this.#open.has(ends)) desk.write(bytes);
    });
    for (const end of [desk, server]) {
      end.on("close", close);
      end.on("error", close);
    }
  }

  #said(frame) {
    if (!this.#pulling || !frame.includes(this.#pulling.text)) return;
    const { resolve } = this.#pulling;
    this.#pulling = undefined;
    this.#isIn = false;
    for (const { desk, server } of this.#open) {
      desk.destroy();
      server.end();
    }
    this.#open.clear();
    resolve();
  }
}

/** What a client says, whole: frames of a WebSocket, unmasked, or bodies of calls. */
class Frames {
  #rest = Buffer.alloc(0);
  #next = this.#head;

  of(bytes) {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    const frames = [];
    for (let frame = this.#next(); frame; frame = this.#next()) frames.push(frame);
    return frames;
  }

  /** Takes the first bytes away, and gives those from `start` on. */
  #take(start, end) {
    const taken = Buffer.from(this.#rest.subarray(start, end));
    this.#rest = this.#rest.subarray(end);
    return taken;
  }

  #head() {
    const end = this.#rest.indexOf("\r\n\r\n");
    if (end < 0) return null;
    const head = this.#take(0, end + 4).toString("latin1");
    if (/^upgrade: *websocket/im.test(head)) this.#next = this.#frame;
    // Files are streamed, and no frames.
    else if (/^transfer-encoding:/im.test(head)) this.#next = () => null;
    else {
      const length = Number(head.match(/^content-length: *(\d+)/im)?.[1] ?? 0);
      this.#next = () => this.#body(length);
    }
    return this.#next();
  }

  #body(length) {
    if (this.#rest.length < length) return null;
    this.#next = this.#head;
    return this.#take(0, length);
  }

  #frame() {
    const rest = this.#rest;
    if (rest.length < 2) return null;
    const short = rest[1] & ~MASKED;
    const head = short === 127 ? 10 : short === 126 ? 4 : 2;
    if (rest.length < head + MASK_BYTES) return null;
    const length =
      short === 127
        ? Number(rest.readBigUInt64BE(2))
        : short === 126
          ? rest.readUInt16BE(2)
          : short;
    const start = head + MASK_BYTES;
    if (rest.length < start + length) return null;
    const mask = rest.subarray(head, start);
    const frame = this.#take(start, start + length);
    for (let at = 0; at < length; at += 1) frame[at] ^= mask[at % MASK_BYTES];
    return frame;
  }
}
