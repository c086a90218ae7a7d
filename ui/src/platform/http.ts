import { type Platform, RpcError } from "./platform";

/** Which window this page is, by its address: the host allows each what the shell would. */
const RPC = location.pathname === "/alerts.html" ? "/ipc/rpc?window=alerts" : "/ipc/rpc";

/** A browser that speaks to a host on the loopback: the same commands over HTTP, events as a stream. */
export const http: Platform = {
  async rpc(name, args) {
    let response: Response;
    try {
      response = await fetch(RPC, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ name, args }),
      });
    } catch (error) {
      throw RpcError.from(error);
    }
    const body = await response.json().catch(() => null);
    if (!response.ok) throw RpcError.from(body ?? new Error(`host answered ${response.status}`));
    return body;
  },
  subscribe(onEvent, onGap) {
    const stream = new EventSource("/ipc/events");
    let opened = false;
    stream.onmessage = ({ data }) => onEvent(JSON.parse(data));
    return new Promise((listening) => {
      stream.onopen = () => {
        if (opened) onGap();
        opened = true;
        listening();
      };
      // A host that is not there must not keep the window white; the stream goes on trying.
      stream.onerror = () => listening();
    });
  },
};
