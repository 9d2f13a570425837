// Runs before the board's own scripts: watches the kernel's channel, so that a page whose session has ended says so.
(() => {
  "use strict";
  const gapkit = (window.gapkit = Object.assign(window.gapkit || {}, { ended: false, busySince: 0 }));
  const BUSY_AFTER_MS = 250;

  // "ended": the session is over; "stalled": the board never came
  gapkit.end = (why = "ended") => {
    if (gapkit.ended) return;
    gapkit.ended = true;
    document.body.classList.remove("gk-is-busy");
    const banner = document.getElementById("gk-ended");
    if (!banner) return;
    const words = JSON.parse(document.getElementById("gk-words").textContent);
    const language = words[document.documentElement.lang] ? document.documentElement.lang : "en";
    banner.querySelector("span").textContent = words[language][why];
    banner.querySelector("button").textContent = words[language].restart;
    banner.hidden = false;
    // the skeleton would promise a board that does not come
    document.getElementById("loading")?.remove();
  };

  const busy = (state) => {
    const board = document.getElementById("rendered_cells");
    if (state !== "busy") {
      gapkit.busySince = 0;
      document.body.classList.remove("gk-is-busy");
      board?.removeAttribute("aria-busy");
      return;
    }
    const since = (gapkit.busySince = performance.now());
    setTimeout(() => {
      if (gapkit.busySince !== since || gapkit.ended) return;
      document.body.classList.add("gk-is-busy");
      board?.setAttribute("aria-busy", "true");
    }, BUSY_AFTER_MS);
  };

  const decoder = new TextDecoder();
  const SHORT = 4096; // status messages are short; figures are not worth decoding here
  const read = (data) => {
    const text = typeof data === "string" ? data : data instanceof ArrayBuffer ? decoder.decode(data) : "";
    const found = /"execution_state":\s*"(\w+)"/.exec(text);
    if (!found) return;
    if (["restarting", "autorestarting", "dead", "terminating"].includes(found[1])) gapkit.end();
    else if (["busy", "idle"].includes(found[1])) busy(found[1]);
  };

  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(url, protocols) {
      super(url, protocols);
      if (!String(url).includes("/channels")) return;
      this.addEventListener("message", (event) => {
        const size = typeof event.data === "string" ? event.data.length : event.data.byteLength;
        if (size < SHORT) read(event.data);
      });
    }
  };

  // Voila ends the kernel as soon as a page *may* be left, which a download looks like too. The server sees by the
  // channel's end that a page was closed.
  const listen = window.addEventListener;
  window.addEventListener = function (type, ...given) {
    if (type !== "beforeunload") listen.call(this, type, ...given);
  };

  // A kernel that was ended, or a server that has gone, sends nothing: ask now and then.
  gapkit.watch = (url) => {
    let failures = 0;
    const ask = async () => {
      if (gapkit.ended) return;
      try {
        const answer = await fetch(url, { cache: "no-store", credentials: "same-origin" });
        if ([401, 403, 404].includes(answer.status)) return gapkit.end();
        failures = answer.ok ? 0 : failures + 1;
        if (answer.ok && ["dead", "restarting", "autorestarting"].includes((await answer.json()).execution_state)) return gapkit.end();
      } catch {
        failures += 1;
      }
      if (failures >= 2) return gapkit.end();
      setTimeout(ask, 2000);
    };
    setTimeout(ask, 2000);
  };
})();
