// What a page adds to a board of widgets: its width, the reader's language, names for sliders.
(() => {
  "use strict";
  const STORED = "gapkit-language";

  const words = JSON.parse(document.getElementById("gk-words").textContent);
  const config = JSON.parse(document.getElementById("jupyter-config-data").textContent);
  const first = window.gapkit.readersLanguage(Object.keys(words), config.gapkit.start);

  // The hidden text field is how the page speaks to the board in the kernel. A field that was only just made may be
  // reset by its own first update: then it is told again.
  let told = "";
  const tell = (message, tries = 20) => {
    const field = document.querySelector(".gk-page input");
    if (!field) return;
    if (field.value !== message) {
      field.value = message;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    told = message;
    setTimeout(() => { if (told === message && field.value !== message && tries) tell(message, tries - 1); }, 150);
  };

  let language = first; // told once, with the first width
  const report = () => {
    const chart = document.querySelector(".gk-chart");
    const width = chart ? Math.floor(chart.clientWidth) : 0;
    if (width < 50) return;
    if (told.startsWith(`width=${width};`)) return;
    tell(`width=${width};language=${language}`);
    language = ""; // an empty language changes nothing
  };

  const resized = new ResizeObserver(() => {
    clearTimeout(resized.timer);
    resized.timer = setTimeout(report, told ? 120 : 0);
  });

  // ipywidgets gives slider handles no name and no text for their value.
  const nameSlider = (handle) => {
    const box = handle.closest(".jupyter-widgets");
    const label = box && box.querySelector(".widget-label");
    if (!label) return;
    const readout = box.querySelector(".widget-readout");
    const write = () => {
      handle.setAttribute("aria-label", label.textContent.trim());
      if (readout) handle.setAttribute("aria-valuetext", readout.textContent.trim());
    };
    write();
    for (const part of [label, readout]) {
      if (part) new MutationObserver(write).observe(part, { childList: true, characterData: true, subtree: true });
    }
    handle.dataset.gkNamed = "yes";
  };

  let shown = "", chosen = false;
  const followLanguage = () => {
    const header = document.querySelector(".gk-board header[lang]");
    const title = header && header.querySelector("h1");
    if (!title || header.lang === shown) return;
    if (!shown && header.lang !== first) return; // before it was told, a board speaks its own language
    shown = header.lang;
    chosen ||= shown !== first;
    document.documentElement.lang = shown;
    document.title = `${title.textContent} · gapkit`;
    const back = document.querySelector(".gk-back a");
    if (back && words[shown]) back.textContent = words[shown].back;
    if (chosen) { // the reader's choice, not the first guess
      try { localStorage.setItem(STORED, shown); } catch { /* private window */ }
    }
  };

  // A file too large for the connection would end the session. ipywidgets keeps its file field outside the page, so it is
  // met when it is opened: such a file is stopped before it is read, and the board is told, to say so.
  const open = HTMLInputElement.prototype.click;
  let pressed = null;
  document.addEventListener("click", (event) => { pressed = event.target; }, { capture: true });
  HTMLInputElement.prototype.click = function () {
    const panel = pressed instanceof Element && pressed.closest(".gk-takes-file");
    const field = (panel || document).querySelector(".gk-refused input");
    if (this.type === "file" && field && !seen.has(this)) {
      seen.add(this);
      this.addEventListener("change", (event) => {
        const large = [...this.files].find((file) => file.size > Number(field.placeholder));
        if (!large) return;
        event.stopImmediatePropagation();
        field.value = `${large.size};${large.name}`;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        field.dispatchEvent(new Event("change", { bubbles: true }));
      }, { capture: true });
    }
    return open.call(this);
  };

  const seen = new WeakSet();
  // The upload button counts its files in brackets; a board takes one at a time and says by itself which it has.
  const plainUpload = (button) => {
    const words = button.lastChild;
    if (words && words.nodeType === Node.TEXT_NODE && / \(\d+\)$/.test(words.data)) words.data = words.data.replace(/ \(\d+\)$/, "");
  };

  const look = () => {
    document.querySelectorAll(".widget-upload").forEach(plainUpload);
    document.querySelectorAll(".noUi-handle:not([data-gk-named])").forEach(nameSlider);
    const chart = document.querySelector(".gk-chart");
    if (chart && !seen.has(chart)) {
      seen.add(chart);
      resized.observe(chart);
    }
    const field = document.querySelector(".gk-page input");
    if (field && !seen.has(field)) {
      seen.add(field);
      // a board that draws nothing before it has data
      setTimeout(() => { if (!told && !document.querySelector(".gk-chart")) { tell(`language=${language}`); language = ""; } }, 500);
    }
    followLanguage();
  };
  // widgets get their class names after they are put into the page
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributeFilter: ["class"] });
  look();

  window.gapkit.watch(`${config.baseUrl}api/kernels/${config.kernelId}`);

  // A board whose widgets do not come is loaded once more by itself; if they stay away, the reader is told.
  const STALLED_AFTER_MS = 30000, TRIED = `gapkit-tried:${location.pathname}`;
  const outputs = [...document.querySelectorAll('script[type="application/vnd.voila.cell-output+json"]')];
  const hasWidgets = outputs.some((output) => output.textContent.includes("widget-view+json"));
  const came = () => !hasWidgets || document.querySelector("#rendered_cells .jupyter-widgets");
  const wasTried = (tried) => {
    try {
      const before = sessionStorage.getItem(TRIED);
      if (tried) sessionStorage.setItem(TRIED, "yes"); else sessionStorage.removeItem(TRIED);
      return before !== null;
    } catch { return true; /* private window: better told than loaded for ever */ }
  };
  setTimeout(() => {
    if (window.gapkit.ended) return;
    if (came()) wasTried(false);
    else if (wasTried(true)) window.gapkit.end("stalled");
    else location.reload();
  }, STALLED_AFTER_MS);
})();
