// A real server with the sample shop: TLS by its own authority, SQLCipher, accounts made over REST.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Child, freePort, program, ROOT, run } from "./process.mjs";

export const ADMIN = { username: "admin", name: "店长", password: "demo-admin-passphrase" };
export const AGENT = { username: "xiaotong", name: "王晓彤", password: "demo-agent-passphrase" };
export const COLLEAGUE = { username: "linlan", name: "林岚", password: AGENT.password };
/** What the set-up made, for scripts that come back to a kept folder. It holds no secret. */
const MADE = "sample-shop.json";
const SAMPLE = path.join(ROOT, "crates/lt-backoffice/sample-shop/faq.jsonl");

export class Server {
  /** A server in `data`; `port` stays the same over restarts. `connectors`: what other systems it asks. */
  static async create({ data, port, connectors }) {
    const server = new Server();
    server.data = data;
    server.connectors = connectors;
    server.port = port ?? (await freePort());
    server.url = `https://127.0.0.1:${server.port}`;
    server.isKept = existsSync(path.join(data, MADE));
    if (!server.isKept) {
      await run(program("lingtai"), ["init", "--data", data, "--name", "localhost"]);
    }
    return server;
  }

  async start() {
    this.child = new Child(program("lingtai"), [
      "serve",
      "--data",
      this.data,
      "--listen",
      `127.0.0.1:${this.port}`,
      ...(this.connectors ? ["--connectors", this.connectors] : []),
    ]);
    await this.child.line(/listening .*https:/);
  }

  /** Desktops that enrol from now on reach it at this address. */
  async reachedAt(url) {
    const said = await run(program("lingtai"), ["enrol", "--data", this.data, "--url", url]);
    this.enrolment = said.trim().split("\n").at(-1);
  }

  async stop(signal) {
    await this.child.stop(signal);
  }

  /**
   * Makes the organisation, an administrator and agents of every group, and imports the sample
   * knowledge; in a kept folder all that is there. `departments`: groups beside those of every shop;
   * an agent with `groups` works in these alone. `assign`: whether agents pick what waits, or are
   * offered it, as in a new organisation.
   */
  async setUp(agents = [AGENT], departments = [], assign = "pick") {
    await this.reachedAt(this.url);
    if (this.isKept) {
      this.made = JSON.parse(readFileSync(path.join(this.data, MADE), "utf8"));
      return this.made;
    }
    const code = (await this.child.line(/[A-Z0-9]{4}(?:-[A-Z0-9]{4}){3,}/))[0];
    const client = (args, newPassword = "") =>
      run(program("lingtai"), [...args, "--server", this.enrolment, "--username", ADMIN.username], {
        env: {
          ...process.env,
          LINGTAI_PASSWORD: ADMIN.password,
          LINGTAI_NEW_PASSWORD: newPassword,
        },
      });
    const made = await client([
      "setup",
      "--code",
      code,
      "--organisation",
      "聆选旗舰店",
      "--display-name",
      ADMIN.name,
      "--assign",
      assign,
    ]);
    await client(["faq", "import", SAMPLE]);
    for (const name of departments) await client(["group", "add", name, "--assign", assign]);
    for (const { username, name, password, groups = [] } of agents) {
      const works = groups.flatMap((group) => ["--group", group]);
      await client(["agent", "add", username, "--name", name, ...works], password);
    }
    this.made = JSON.parse(made.match(/^\{.*\}$/m)[0]);
    writeFileSync(path.join(this.data, MADE), JSON.stringify(this.made));
    return this.made;
  }
}
