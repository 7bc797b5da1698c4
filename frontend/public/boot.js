// Runs before the first paint, so that a chosen theme or a right-to-left language never flashes.
// A file of its own, because the content security policy allows no inline script.
(() => {
  try {
    const root = document.documentElement;
    const theme = localStorage.getItem("skylabel.theme");
    const locale = localStorage.getItem("skylabel.locale");
    const follows = !theme || theme === "system";
    if (!follows) root.dataset.theme = theme;
    else if (matchMedia("(prefers-contrast: more)").matches) root.dataset.theme = "contrast";
    if (locale) {
      root.lang = locale;
      root.dir = locale === "ar" ? "rtl" : "ltr";
    }
  } catch {
    // Storage may be forbidden: the system's theme and English are good defaults.
  }
})();
