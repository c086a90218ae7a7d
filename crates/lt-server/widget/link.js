// The line to the server: a WebSocket that comes back by itself, and a long poll where proxies
// break WebSockets. It carries events; what they mean is known to chat.js alone.

const PING_EVERY = 20_000;
const DEAD_AFTER = 45_000;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;
const SOCKETS_BEFORE_POLL = 3;
const SOCKET_AGAIN_AFTER = 5 * 60_000;
const POLL_WAIT_S = 25;

/**
 * Opens the line and keeps it open.
 * `after()` says which message the page has last; `onEvent` gets every server event, `onLine` gets
 * `"online"`, `"offline"` or `"gone"` (there is no such inbox), `onSession` the session's names.
 */
export function openLink({ inbox, keep, after, onEvent, onLine, onSession }) {
  let socket = null;
  let polling = null;
  let failures = 0;
  let deadSockets = 0;
  let pollUntil = 0;
  let timer = 0;
  let session = null;
  let stopped = false;
  let opening = false;
  let posted = Promise.resolve();

  const bearer = () => ({ authorization: `Bearer ${session.token}` });

  /** What the shop's page says of the customer. */
  function said() {
    const page = new URLSearchParams(location.hash.slice(1));
    const of = (name) => page.get(name) ?? "";
    const known = { phone: of("phone"), email: of("email"), member: of("member") };
    return { name: of("name"), known };
  }

  async function signIn() {
    const answer = await fetch("/widget/v1/session", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ inbox, token: keep.token() || null, ...said() }),
      signal: AbortSignal.timeout?.(15_000),
    });
    if (answer.status === 404) {
      stopped = true;
      onLine("gone");
      return false;
    }
    if (!answer.ok) throw new Error(`session: ${answer.status}`);
    session = await answer.json();
    keep.setToken(session.token);
    onSession(session);
    return true;
  }

  async function open() {
    if (opening) return;
    opening = true;
    clearTimeout(timer);
    try {
      if (!session && !(await signIn())) return;
    } catch {
      lost();
      return;
    } finally {
      opening = false;
    }
    if (Date.now() < pollUntil) poll();
    else openSocket();
  }

  function openSocket() {
    const mine = new WebSocket(`${location.origin.replace(/^http/, "ws")}/widget/v1/ws`);
    socket = mine;
    let spoken = false;
    let ended = false;
    let heard = Date.now();
    const beat = setInterval(() => {
      if (Date.now() - heard > DEAD_AFTER) end();
      else if (mine.readyState === WebSocket.OPEN) mine.send('{"t":"ping"}');
    }, PING_EVERY);

    function end() {
      if (ended) return;
      ended = true;
      clearInterval(beat);
      mine.close();
      if (socket !== mine) return;
      socket = null;
      deadSockets = spoken ? 0 : deadSockets + 1;
      lost();
    }

    mine.onopen = () =>
      mine.send(JSON.stringify({ t: "hello", token: session.token, after: after() }));
    mine.onmessage = (message) => {
      heard = Date.now();
      const event = parse(message.data);
      if (!event) return;
      if (event.t === "error") {
        if (event.code === "signed_out") session = null;
        end();
        return;
      }
      if (!spoken) {
        spoken = true;
        deadSockets = 0;
        found();
      }
      if (event.t !== "pong") onEvent(event);
    };
    mine.onerror = end;
    mine.onclose = end;
  }

  async function poll() {
    const mine = new AbortController();
    polling = mine;
    let first = true;
    try {
      while (polling === mine && Date.now() < pollUntil) {
        const query = `after=${after()}&wait=${first ? 0 : POLL_WAIT_S}`;
        const answer = await fetch(`/widget/v1/events?${query}`, {
          headers: bearer(),
          signal: AbortSignal.any
            ? AbortSignal.any([mine.signal, AbortSignal.timeout((POLL_WAIT_S + 15) * 1000)])
            : mine.signal,
        });
        if (answer.status === 401 || answer.status === 404) session = null;
        if (!answer.ok) throw new Error(`events: ${answer.status}`);
        const events = await answer.json();
        if (first) found();
        first = false;
        for (const event of events) onEvent(event);
      }
      if (polling === mine) {
        polling = null;
        open();
      }
    } catch {
      if (polling !== mine) return;
      polling = null;
      pollUntil = 0;
      lost();
    }
  }

  async function post(event) {
    try {
      const answer = await fetch("/widget/v1/post", {
        method: "POST",
        headers: { "content-type": "application/json", ...bearer() },
        body: JSON.stringify(event),
      });
      if (answer.ok) (await answer.json()).forEach(onEvent);
    } catch {
      // The poll fails as well, and what was not sent is sent again after it.
      polling?.abort();
    }
  }

  function found() {
    failures = 0;
    onLine("online");
  }

  /** Full jitter: all pages of a shop must not come back in the same moment. */
  function lost() {
    if (stopped) return;
    onLine("offline");
    if (deadSockets >= SOCKETS_BEFORE_POLL) {
      deadSockets = 0;
      pollUntil = Date.now() + SOCKET_AGAIN_AFTER;
    }
    const longest = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failures);
    failures = Math.min(failures + 1, 10);
    clearTimeout(timer);
    timer = setTimeout(open, FIRST_WAIT / 2 + Math.random() * longest);
  }

  function hurry() {
    if (socket || polling || stopped) return;
    failures = 0;
    open();
  }

  addEventListener("online", hurry);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") hurry();
  });
  open();

  return {
    /** The headers that say who calls; none before the session is there. */
    headers: () => (session ? bearer() : null),
    /** Sends an event; false when the line is down. What it answers arrives as events. */
    send(event) {
      if (socket?.readyState === WebSocket.OPEN) {
        socket.send(JSON.stringify(event));
        return true;
      }
      if (!polling) return false;
      // One after the other, so that messages keep their order.
      posted = posted.then(() => post(event));
      return true;
    },
  };
}

function parse(data) {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}
