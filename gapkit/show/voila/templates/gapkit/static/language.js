// The language a page begins with: asked for in the address, else chosen before, else the server's, else the browser's.
window.gapkit = window.gapkit || {};
window.gapkit.readersLanguage = (known, start) => {
  "use strict";
  const closest = (code) => {
    const parts = String(code).toLowerCase().split(/[-_]/);
    if (parts[0] !== "zh") return known.includes(parts[0]) ? parts[0] : undefined;
    const traditional = parts.some((part) => ["hant", "tw", "hk", "mo"].includes(part));
    return [traditional ? "zh-Hant" : "zh-Hans", "zh-Hans"].find((one) => known.includes(one));
  };
  let stored = null;
  try { stored = localStorage.getItem("gapkit-language"); } catch { /* private window */ }
  const asked = new URLSearchParams(location.search).get("lang");
  const own = (navigator.languages || [navigator.language]).map(closest).find(Boolean);
  return [asked, stored, start, own].find((one) => known.includes(one)) || "en";
};
