// Starts the built programs, waits for what they say, and ends them. Nothing here outlives the script.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import net from "node:net";
import os from "node:os";
import path from "node:path";

export const ROOT = new URL("../../../", import.meta.url).pathname;
/** Packages are those of ui/; scripts outside of it load them through this. */
export const require = createRequire(path.join(ROOT, "ui/package.json"));

/** Full path of a built program. */
export function program(name) {
  const folder =
    process.env.LINGTAI_BIN_DIR ??
    path.join(process.env.CARGO_TARGET_DIR ?? path.join(ROOT, "target"), "debug");
  const file = path.join(folder, process.platform === "win32" ? `${name}.exe` : name);
  if (!existsSync(file)) throw new Error(`${file} is not built: run cargo build --workspace`);
  return file;
}

const running = new Set();

/** A child process whose output is kept, so that a test can wait for a line and show it on failure. */
export class Child {
  constructor(file, args, options = {}) {
    this.name = path.basename(file);
    this.output = "";
    this.stdout = "";
    this.waiting = new Set();
    this.leads = options.detached === true;
    this.process = spawn(file, args, {
      stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
      ...options,
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text) => {
        this.output += text;
        for (const check of this.waiting) check();
      });
    }
    // Apart, for programs that speak in lines between which others complain.
    this.process.stdout.on("data", (text) => {
      this.stdout += text;
    });
    if (options.input !== undefined) this.process.stdin.end(options.input);
    this.ended = new Promise((resolve) => {
      this.process.on("error", (error) => resolve({ code: -1, error }));
      this.process.on("close", (code, signal) => resolve({ code, signal }));
    });
    running.add(this);
    void this.ended.then(() => {
      this.gone = true;
      running.delete(this);
      for (const check of this.waiting) check();
    });
  }

  /** Resolves with the match when the output has it; fails when the program ends or takes too long. */
  line(pattern, limitMs = 30_000) {
    return new Promise((resolve, reject) => {
      const finish = (settle, value) => {
        clearTimeout(timer);
        this.waiting.delete(check);
        settle(value);
      };
      const check = () => {
        const match = this.output.match(pattern);
        if (match) finish(resolve, match);
        else if (this.gone)
          finish(reject, new Error(`${this.name} ended without ${pattern}:\n${this.output}`));
      };
      const timer = setTimeout(
        () =>
          finish(
            reject,
            new Error(`${this.name} did not say ${pattern} in ${limitMs} ms:\n${this.output}`),
          ),
        limitMs,
      );
      this.waiting.add(check);
      check();
    });
  }

  async stop(signal = "SIGTERM") {
    if (!this.gone) {
      this.process.kill(signal);
      const hard = setTimeout(() => this.process.kill("SIGKILL"), 8_000);
      if (this.leads) await this.endFollowers();
      await this.ended;
      clearTimeout(hard);
    }
  }

  /** Ends what the program started and left behind, which also holds its output open. */
  async endFollowers() {
    if (this.process.exitCode === null && this.process.signalCode === null)
      await once(this.process, "exit");
    try {
      process.kill(-this.process.pid, "SIGKILL");
    } catch (error) {
      if (error.code !== "ESRCH") throw error;
    }
  }
}

/** Runs a program to its end and gives its output; fails on any other exit code than 0. */
export async function run(file, args, options = {}) {
  const child = new Child(file, args, options);
  const { code, error } = await child.ended;
  if (code !== 0)
    throw new Error(`${child.name} ${args[0] ?? ""} failed (${error ?? code}):\n${child.output}`);
  return child.output;
}

export async function freePort() {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Tries until it gives something true. For states of another process that sends no event. */
export async function until(what, probe, limitMs = 20_000) {
  const end = Date.now() + limitMs;
  let last;
  for (;;) {
    try {
      const value = await probe();
      if (value) return value;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end)
      throw new Error(`${what}: not within ${limitMs} ms${last ? ` (${last})` : ""}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A temporary folder that is removed at the end. */
export function temporary(prefix) {
  const folder = mkdtempSync(path.join(os.tmpdir(), prefix));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const cleanups = [];
/** The longest that a script may take unless it asks for more: a hang is a failure. */
const LIMIT_MINUTES = 8;

/** Ends every program that was started, then removes temporary folders. */
export async function endAll() {
  await Promise.all([...running].map((child) => child.stop()));
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
}

/** Runs a script's main function; on success, failure or Ctrl+C everything it started ends. */
export async function main(body, limitMinutes = LIMIT_MINUTES) {
  let interrupted = false;
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.on(signal, async () => {
      if (interrupted) return;
      interrupted = true;
      await endAll();
      process.exit(130);
    });
  }
  let code = 0;
  const limit = setTimeout(async () => {
    console.error(`not done after ${limitMinutes} minutes`);
    await endAll();
    process.exit(1);
  }, limitMinutes * 60_000);
  limit.unref();
  try {
    await body();
  } catch (error) {
    if (!interrupted) console.error(error);
    code = 1;
  }
  await endAll();
  process.exit(interrupted ? 130 : code);
}
