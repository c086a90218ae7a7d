// The notification service of the test's private session: what the desk shows, and clicks on it.
import path from "node:path";
import { Child, ROOT, until } from "./process.mjs";

export class Bell {
  static async start() {
    const bell = new Bell();
    // The D-Bus bindings belong to the system's Python.
    const script = path.join(ROOT, "tests/e2e/notify_daemon.py");
    bell.child = new Child("/usr/bin/python3", ["-u", script], { stdio: ["pipe", "pipe", "pipe"] });
    await bell.child.line(/"ready"/);
    return bell;
  }

  /** Notifications so far, oldest first. */
  shown() {
    // The last one may be half written.
    const lines = this.child.stdout
      .split("\n")
      .slice(0, -1)
      .filter((line) => line.startsWith("{"));
    return lines.map((line) => JSON.parse(line)).filter((line) => line.event === "notify");
  }

  /** Waits for the first notification after `n` earlier ones. */
  next(n = 0) {
    return until("a notification is shown", () => this.shown()[n]);
  }

  click(notification) {
    this.child.process.stdin.write(`click ${notification.id}\n`);
  }
}
