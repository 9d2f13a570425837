// What a page adds to a board of widgets: its width, the reader's language, names for sliders.
(() => {
  "use strict";
  const STORED = "gapkit-language";

  const readersLanguage = () => {
    const asked = new URLSearchParams(location.search).get("lang");
    let stored = null;
    try { stored = localStorage.getItem(STORED); } catch { /* private window */ }
    const own = (navigator.languages || [navigator.language]).find((code) => /^(en|zh)/i.test(code)) || "en";
    return asked || stored || (/^zh/i.test(own) ? "zh-Hans" : "en");
  };

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

  let language = readersLanguage(); // told once, with the first width
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

  const followLanguage = () => {
    const header = document.querySelector(".gk-board header[lang]");
    if (!header || document.documentElement.lang === header.lang) return;
    document.documentElement.lang = header.lang;
    const title = header.querySelector("h1");
    if (title) document.title = `${title.textContent} · gapkit`;
    const words = JSON.parse(document.getElementById("gk-words").textContent)[header.lang];
    const back = document.querySelector(".gk-back a");
    if (back && words) back.textContent = words.back;
    if (told) { // the reader's choice, not the first guess
      try { localStorage.setItem(STORED, header.lang); } catch { /* private window */ }
    }
  };

  const seen = new WeakSet();
  const look = () => {
    document.querySelectorAll(".noUi-handle:not([data-gk-named])").forEach(nameSlider);
    const chart = document.querySelector(".gk-chart");
    if (chart && !seen.has(chart)) {
      seen.add(chart);
      resized.observe(chart);
    }
    followLanguage();
  };
  // widgets get their class names after they are put into the page
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributeFilter: ["class"] });
  look();

  const config = JSON.parse(document.getElementById("jupyter-config-data").textContent);
  window.gapkit.watch(`${config.baseUrl}api/kernels/${config.kernelId}`);
})();
