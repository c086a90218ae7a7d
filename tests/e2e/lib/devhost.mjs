// The console's real handlers without a window system: lt-devhost on the loopback address.
import { Child, program } from "./process.mjs";

export class DevHost {
  /** A host on a data folder. With `keychain` its keys are in memory, and gone with it. */
  static async start({ data, keychain = false }) {
    const host = new DevHost();
    const args = ["--data", data, ...(keychain ? ["--memory-keychain"] : [])];
    host.child = new Child(program("lt-devhost"), args);
    host.url = (await host.child.line(/listening on (http:\S+)/))[1];
    return host;
  }

  /** Asks a handler as the page would. */
  async rpc(name, args = {}) {
    const response = await fetch(`${this.url}/ipc/rpc`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name, args }),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${name}: ${answer.code}`);
    return answer;
  }

  stop(signal) {
    return this.child.stop(signal);
  }
}
