/** How Chromium is started for the tests: quiet, and without what a window has around its page. */

/**
 * The suggestions of the address bar are pages of the browser's own, drawn anew for every context although nobody
 * sees them: they cost more than the page that is tested.
 */
const suggestions = ["WebUIOmniboxAimPopup", "WebUIOmniboxPopup"];

/** What Playwright switches off. Chromium heeds the last list only, so that they are named again. */
const playwrights = [
  "AimEnabled",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsFirstBalancedModeAutoEnable",
  "HttpsUpgrades",
  "LensOverlay",
  "MediaRouter",
  "NetworkTimeServiceQuerying",
  "OptimizationHints",
  "PaintHolding",
  "PreconnectToSearch",
  "TcpPortRandomizationWin",
  "ThirdPartyStoragePartitioning",
];

export const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  `--disable-features=${[...playwrights, ...suggestions].join(",")}`,
];
