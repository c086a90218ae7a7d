// The customer without a browser: the chat page's own calls over HTTPS, trusting the server's authority.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import https from "node:https";
import path from "node:path";
import { until } from "./process.mjs";

export class Visitor {
  /** A new customer at an inbox of a server. */
  static async open(server, { inbox = server.made.inbox_key, name = "" } = {}) {
    const visitor = new Visitor();
    visitor.server = server;
    visitor.ca = readFileSync(path.join(server.data, "tls/ca.pem"));
    const session = await visitor.call("POST", "/widget/v1/session", { inbox, token: null, name });
    visitor.token = session.token;
    return visitor;
  }

  /** A new customer who has said something already. */
  static async saying(server, texts, options = {}) {
    const visitor = await Visitor.open(server, options);
    for (const text of texts) await visitor.say(text);
    return visitor;
  }

  /** Sends a message; fails unless the server has taken it. */
  async say(text) {
    const events = await this.call("POST", "/widget/v1/post", {
      t: "send",
      id: randomUUID(),
      text,
    });
    const refused = events.find((event) => event.t === "refused");
    if (refused) throw new Error(`the server refused a customer's message: ${refused.code}`);
  }

  /** Everything that the page would show, oldest first. */
  async messages() {
    const events = await this.call("GET", "/widget/v1/events?after=0");
    return events.filter((event) => event.t === "messages").flatMap((event) => event.items);
  }

  /** What agents wrote, oldest first. */
  async replies() {
    const messages = await this.messages();
    return messages.filter((message) => message.author === "agent").map((message) => message.text);
  }

  /** Waits until an agent's reply fits. */
  async hears(pattern, limitMs) {
    return until(
      `the customer reads ${pattern}`,
      async () => (await this.replies()).find((text) => pattern.test(text)),
      limitMs,
    );
  }

  call(method, target, body = undefined) {
    const url = new URL(target, this.server.url);
    const headers = { "content-type": "application/json", origin: this.server.url };
    if (this.token) headers.authorization = `Bearer ${this.token}`;
    return new Promise((resolve, reject) => {
      const request = https.request(
        url,
        { method, headers, ca: this.ca, servername: "localhost" },
        (response) => {
          let text = "";
          response.setEncoding("utf8");
          response.on("data", (part) => {
            text += part;
          });
          response.on("end", () => {
            if (response.statusCode === 200) resolve(JSON.parse(text));
            else reject(new Error(`${method} ${target}: ${response.statusCode} ${text}`));
          });
        },
      );
      request.on("error", reject);
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}
