// Runs before the board's own scripts: watches the kernel's channel, so that a page whose session has ended says so.
(() => {
  "use strict";
  const gapkit = (window.gapkit = { ended: false, busySince: 0 });
  const BUSY_AFTER_MS = 250;

  gapkit.end = () => {
    if (gapkit.ended) return;
    gapkit.ended = true;
    document.body.classList.remove("gk-is-busy");
    const banner = document.getElementById("gk-ended");
    if (!banner) return;
    const words = JSON.parse(document.getElementById("gk-words").textContent);
    const language = words[document.documentElement.lang] ? document.documentElement.lang : "en";
    banner.querySelector("span").textContent = words[language].ended;
    banner.querySelector("button").textContent = words[language].restart;
    banner.hidden = false;
  };

  const busy = (state) => {
    if (state !== "busy") {
      gapkit.busySince = 0;
      document.body.classList.remove("gk-is-busy");
      return;
    }
    const since = (gapkit.busySince = performance.now());
    setTimeout(() => {
      if (gapkit.busySince === since) document.body.classList.add("gk-is-busy");
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

  // A kernel that was culled, or a server that has gone, sends nothing: ask now and then.
  gapkit.watch = (url) => {
    let failures = 0;
    const ask = async () => {
      if (gapkit.ended) return;
      try {
        const answer = await fetch(url, { cache: "no-store", credentials: "same-origin" });
        if (answer.status === 404 || answer.status === 403) return gapkit.end();
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
