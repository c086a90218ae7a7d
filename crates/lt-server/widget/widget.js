// The launcher on a shop's page:
//   <script src="https://desk.example.com/widget.js" data-inbox="KEY" async></script>
// Optional: data-theme="light|dark", data-side="left|right", data-open="true"; and what the shop knows of a
// customer who is signed in: data-name, data-phone, data-email, data-member.
// It adds one element with a shadow root, so that the page's styles and the launcher's never meet.
// The page can open and shut the chat itself: window.lingtai.open(), window.lingtai.shut().
(() => {
  const tag = document.currentScript;
  const inbox = tag?.dataset.inbox;
  if (!inbox || window.lingtai) return;
  const origin = new URL(tag.src).origin;
  const zh = !(navigator.languages ?? [])
    .find((l) => /^(zh|en)/i.test(l))
    ?.toLowerCase()
    .startsWith("en");
  const words = zh
    ? {
        open: "联系客服",
        shut: "收起客服",
        frame: "在线客服",
        unread: (n) => `联系客服，${n} 条新消息`,
      }
    : {
        open: "Chat with us",
        shut: "Close the chat",
        frame: "Customer service",
        unread: (n) => `Chat with us, ${n} new messages`,
      };
  const theme = ["light", "dark"].includes(tag.dataset.theme) ? tag.dataset.theme : "";
  const side = tag.dataset.side === "left" ? "left" : "right";

  const css = `
    :host { all: initial; --fill: #1a6382; --fill-hover: #125774; --ring: #2a7a9c; --badge: #ac312c; --edge: #ffffff;
      --shadow: 0 0 0 1px rgb(32 30 26 / 9%), 0 6px 20px rgb(32 30 26 / 18%);
      --shadow-panel: 0 0 0 1px rgb(32 30 26 / 9%), 0 20px 56px rgb(32 30 26 / 20%); --ground: #ffffff; }
    :host(.dark) { --fill: #28718f; --fill-hover: #2f7c9b; --ring: #6bb3d1; --badge: #b53e37; --edge: #1d1c1b;
      --shadow: 0 0 0 1px rgb(255 255 255 / 9%), 0 8px 24px rgb(0 0 0 / 44%);
      --shadow-panel: 0 0 0 1px rgb(255 255 255 / 10%), 0 24px 64px rgb(0 0 0 / 60%); --ground: #1d1c1b; }
    button { all: unset; box-sizing: border-box; position: fixed; bottom: max(20px, env(safe-area-inset-bottom)); ${side}: 20px; z-index: 2147483000;
      width: 56px; height: 56px; border-radius: 50%; display: grid; place-items: center; cursor: pointer;
      background: var(--fill); color: #fff; box-shadow: var(--shadow); transition: background 80ms cubic-bezier(.2,0,0,1); -webkit-tap-highlight-color: transparent; }
    button:hover { background: var(--fill-hover); }
    button:focus-visible { outline: 2px solid var(--ring); outline-offset: 2px; }
    svg { width: 26px; height: 26px; fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
    .x { display: none; }
    .open .x { display: block; } .open .talk { display: none; }
    .count { position: absolute; top: -3px; right: -3px; min-width: 20px; height: 20px; padding: 0 5px; box-sizing: border-box; border-radius: 10px;
      font: 600 12px/20px "PingFang SC", "Microsoft YaHei UI", "Noto Sans CJK SC", system-ui, sans-serif; text-align: center;
      background: var(--badge); color: #fff; box-shadow: 0 0 0 2px var(--edge); }
    .count[hidden] { display: none; }
    .panel { position: fixed; bottom: calc(88px + env(safe-area-inset-bottom)); ${side}: 20px; z-index: 2147483001; width: 392px; height: min(640px, calc(100dvh - 108px));
      border-radius: 12px; overflow: hidden; background: var(--ground); box-shadow: var(--shadow-panel); visibility: hidden; opacity: 0; translate: 0 8px;
      transition: opacity 140ms cubic-bezier(.2,0,0,1), translate 140ms cubic-bezier(.2,0,0,1), visibility 0s 140ms; }
    .panel.open { visibility: visible; opacity: 1; translate: 0 0; transition-delay: 0s; }
    iframe { display: block; width: 100%; height: 100%; border: 0; color-scheme: normal; }
    @media (max-width: 479px), (max-height: 480px) {
      .panel { inset: 0; width: auto; height: auto; border-radius: 0; }
      button.open { display: none; }
    }
    @media (prefers-reduced-motion: reduce) { .panel, button { transition: none; } }
    @media print { button, .panel { display: none; } }`;

  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];

  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = () =>
    host.classList.toggle("dark", theme === "dark" || (theme === "" && dark.matches));
  dark.addEventListener("change", paint);
  paint();

  const launcher = document.createElement("button");
  launcher.type = "button";
  const count = document.createElement("span");
  count.className = "count";
  count.hidden = true;
  count.setAttribute("aria-hidden", "true");
  launcher.append(
    drawing("talk", ["M4 5.5h16v11.25h-8.5L7 20.5v-3.75H4z", "M8 9.25h8M8 12.75h5"]),
    drawing("x", ["M6.5 9.25l5.5 5.5 5.5-5.5"]),
    count,
  );
  const panel = document.createElement("div");
  panel.className = "panel";
  const frame = document.createElement("iframe");
  frame.title = words.frame;
  frame.allow = "clipboard-write";
  panel.append(frame);
  root.append(panel, launcher);

  let open = false;
  let ready = false;
  let unread = 0;
  let title = null;

  function drawing(className, paths) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("class", className);
    svg.setAttribute("aria-hidden", "true");
    for (const d of paths) {
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("d", d);
      svg.append(path);
    }
    return svg;
  }

  function load() {
    if (frame.src) return;
    // Behind the #: it goes to no server and into no log.
    const known = new URLSearchParams();
    for (const name of ["name", "phone", "email", "member"]) {
      if (tag.dataset[name]) known.set(name, tag.dataset[name]);
    }
    const place = `${origin}/chat/${encodeURIComponent(inbox)}${theme ? `?theme=${theme}` : ""}`;
    frame.src = `${known}` ? `${place}#${known}` : place;
  }

  function tell() {
    if (ready) frame.contentWindow.postMessage({ lingtai: open ? "open" : "shut" }, origin);
  }

  function set(next) {
    if (open === next) return;
    open = next;
    load();
    panel.classList.toggle("open", open);
    label();
    tell();
    if (open) frame.focus();
    else launcher.focus({ preventScroll: true });
  }

  function label() {
    launcher.classList.toggle("open", open);
    launcher.setAttribute("aria-expanded", String(open));
    launcher.setAttribute(
      "aria-label",
      open ? words.shut : unread ? words.unread(unread) : words.open,
    );
    count.hidden = open || unread === 0;
    count.textContent = unread > 99 ? "99+" : String(unread);
    markTitle();
  }

  /** While the tab is out of sight, its title says that an answer came. */
  function markTitle() {
    const wanted = document.hidden && unread > 0;
    if (wanted && title === null) {
      title = document.title;
      document.title = `(${unread}) ${title}`;
    } else if (!wanted && title !== null) {
      document.title = title;
      title = null;
    }
  }

  addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || event.origin !== origin) return;
    const { lingtai } = event.data ?? {};
    if (lingtai === "ready") {
      ready = true;
      tell();
    } else if (lingtai === "close") {
      set(false);
    } else if (lingtai === "unread" && Number.isInteger(event.data.unread)) {
      unread = Math.max(0, event.data.unread);
      label();
    }
  });
  document.addEventListener("visibilitychange", markTitle);
  launcher.addEventListener("click", () => set(!open));
  window.lingtai = { open: () => set(true), shut: () => set(false) };

  function place() {
    document.body.append(host);
    label();
    if (tag.dataset.open === "true") set(true);
    // A visitor who was here before may have an answer waiting; the shop's own page comes first.
    else (window.requestIdleCallback ?? ((run) => setTimeout(run, 1500)))(load);
  }
  if (document.body) place();
  else addEventListener("DOMContentLoaded", place);
})();
