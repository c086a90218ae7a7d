// The cable between the desktop and the server, which can be pulled in the middle of a send.
import { once } from "node:events";
import net from "node:net";

/** TLS record type of what a program says; handshakes have others. */
const SAID = 23;
const HEADER_BYTES = 5;
/** A hello and a reply are longer than this; pings, acknowledgements and requests are shorter. */
const LONG_BYTES = 300;

export class Plug {
  #server;
  #open = new Set();
  #isIn = true;
  #pulling;

  /** A cable to this port of this machine; desktops dial `url`. */
  static async into(port) {
    const plug = new Plug();
    plug.#server = net.createServer((desk) => plug.#carry(desk, port)).listen(0, "127.0.0.1");
    await once(plug.#server, "listening");
    plug.#server.unref();
    plug.url = `https://127.0.0.1:${plug.#server.address().port}`;
    return plug;
  }

  /**
   * Pulls the plug when the desktop has said `nth` long things from now on: the last of them still
   * reaches the server, and no answer comes back. Resolves when it is out.
   */
  pullAfter(nth) {
    this.#isIn = true;
    return new Promise((resolve) => {
      this.#pulling = { left: nth, resolve };
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
    const server = net.connect(port, "127.0.0.1");
    const ends = { desk, server };
    this.#open.add(ends);
    const close = () => {
      desk.destroy();
      // What was said is delivered before the line is down.
      server.end();
      this.#open.delete(ends);
    };
    const records = new Records();
    desk.on("data", (bytes) => {
      server.write(bytes);
      this.#said(records.longOnes(bytes));
    });
    server.on("data", (bytes) => {
      if (this.#isIn) desk.write(bytes);
    });
    for (const end of [desk, server]) {
      end.on("close", close);
      end.on("error", close);
    }
  }

  #said(nLong) {
    if (!this.#pulling || nLong === 0) return;
    this.#pulling.left -= nLong;
    if (this.#pulling.left > 0) return;
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

/** Counts the long records in a stream of TLS, by the lengths in their heads. */
class Records {
  #rest = Buffer.alloc(0);

  longOnes(bytes) {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    let n = 0;
    while (this.#rest.length >= HEADER_BYTES) {
      const length = this.#rest.readUInt16BE(3);
      if (this.#rest.length < HEADER_BYTES + length) break;
      if (this.#rest[0] === SAID && length > LONG_BYTES) n += 1;
      this.#rest = this.#rest.subarray(HEADER_BYTES + length);
    }
    return n;
  }
}
