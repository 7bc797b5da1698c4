/** Where the page starts: language, keys, session, then the routes. */
import { render } from "solid-js/web";
import "./ui/tokens.css";
import "./ui/base.css";
import { App } from "./app/App";
import { readSession } from "./app/auth";
import { listen } from "./app/hotkeys";
import { startSpeaking, t } from "./app/i18n";
import { followSystem } from "./app/theme";
import { routes } from "./pages/routes";
import { guardPage } from "./trust";
import { words } from "./ui/words";

Object.assign(words, {
  close: () => t("ui.close"),
  dismiss: () => t("ui.dismiss"),
  retry: () => t("action.retry"),
  loading: () => t("ui.loading"),
  failed: () => t("ui.failed"),
  notifications: () => t("ui.notifications"),
  noMatches: () => t("ui.noMatches"),
} satisfies typeof words);

async function start(root: HTMLElement): Promise<void> {
  guardPage();
  listen();
  followSystem();
  void readSession();
  await startSpeaking();
  render(() => <App routes={routes} />, root);
}

const root = document.getElementById("app");
if (root) void start(root);
