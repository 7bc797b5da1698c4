/**
 * Chromium for the tests: found, launched with quiet flags, one empty profile each.
 * Without it the tests skip and say why; on CI (`CI=true`) that is a failure.
 */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { flags } from "./flags";
import { type RunningServer, type ServerOptions, startServer } from "./server";

/** For tests of the WebGL renderer: a software context. */
export const webglFlags = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"];

export const chromiumPath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";

/** Why there is no browser here, or null when there is one. */
export const browserMissing: string | null = existsSync(chromiumPath)
  ? null
  : `no Chromium at ${chromiumPath}; set CHROMIUM_PATH`;

if (browserMissing && process.env.CI === "true") throw new Error(browserMissing);

export function launch(options: { args?: readonly string[] } = {}): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath, args: [...flags, ...(options.args ?? [])] });
}

export interface Stage {
  readonly browser: Browser;
  readonly server: RunningServer;
  /** A page in a fresh profile, at a path of the server. Errors in the page fail the test through `problems`. */
  open(path: string, options?: OpenOptions): Promise<Page>;
  /** Uncaught errors and console errors of the pages opened so far. */
  readonly problems: string[];
}

export interface OpenOptions extends BrowserContextOptions {
  /** Preferences of the device, as `app/storage.ts` names them: theme, locale, … */
  settings?: Record<string, string>;
}

/** A describe with a browser and a server that serves the build and a fake API; skipped where there is no browser. */
export function describeInBrowser(
  name: string,
  define: (stage: Stage) => void,
  options: ServerOptions & { args?: readonly string[] } = {},
): void {
  if (browserMissing) {
    describe.skip(`${name} (${browserMissing})`, () => define({} as Stage));
    return;
  }
  describe(name, () => {
    let browser: Browser | undefined;
    let server: RunningServer | undefined;
    const problems: string[] = [];

    beforeAll(async () => {
      server = await startServer(options);
      browser = await launch(options);
    });
    afterAll(async () => {
      await browser?.close();
      await server?.close();
    });

    define({
      get browser() {
        return started(browser);
      },
      get server() {
        return started(server);
      },
      problems,
      open: (path, opened) => openPage(started(browser), started(server).url + path, problems, opened),
    });
  });
}

/** A page in a profile of its own, at an address; what goes wrong in it is added to `problems`. */
export async function openPage(
  browser: Browser,
  url: string,
  problems: string[],
  { settings = {}, ...context }: OpenOptions = {},
): Promise<Page> {
  const profile = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: "reduce",
    locale: "en-US",
    timezoneId: "UTC",
    ...context,
  });
  const page = await profile.newPage();
  page.setDefaultTimeout(20_000);
  page.on("pageerror", (error) => problems.push(error.stack ?? String(error)));
  page.on("console", (message) => {
    // The browser itself reports each 4xx answer as an error; tests assert on what the page makes of it.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      problems.push(message.text());
  });
  await page.addInitScript(prepare, settings);
  await page.goto(url);
  return page;
}

/**
 * Within the page, before all else: stores preferences, and tells when the page leaves by itself. What a page fetches
 * later has a place of its own to wait in. Otherwise the frame's waiting takes the place of all, and with it go the
 * heading, the focus and what was scrolled to.
 */
function prepare(settings: Record<string, string>): void {
  for (const [key, value] of Object.entries(settings)) localStorage.setItem(`skylabel.${key}`, value);
  // Where nothing runs, as in the frame of a document, an observer would be a thing that is blocked.
  if (self !== top) return;
  let before: string | null = null;
  const tell = (path: string) => {
    // On the way to another page, this one goes a moment before the address does.
    if (location.pathname === path) console.error(`${path} went away while something was fetched.`);
  };
  new MutationObserver(() => {
    const now = document.querySelector("h1") ? location.pathname : null;
    if (before !== null && now === null) setTimeout(tell, 0, before);
    before = now;
  }).observe(document, { childList: true, subtree: true });
}

function started<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("The stage is set up in beforeAll: use it inside a test.");
  return value;
}

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

interface AxeNode {
  target: unknown[];
  failureSummary?: string;
}

/**
 * Waits until the page can be read: it has a heading, or a window stands over it. What a window hides from readers is
 * hidden, and shown again, a frame after the window comes and goes.
 */
async function readable(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    // Parts that are shown alone, as the canvas is, have no page around them.
    if (!document.querySelector(".shell")) return true;
    const heading = document.querySelector("h1");
    const hidden = heading?.closest("[aria-hidden=true]") ?? null;
    const over = document.querySelector("[role=dialog], [role=alertdialog]");
    const isAsItStands = hidden === null ? !document.querySelector(".dialog") : over !== null;
    return heading !== null && isAsItStands;
  });
}

/** Fails with each accessibility violation of the page, once it can be read, and where it is. */
export async function expectAccessible(
  page: Page,
  options: { disable?: readonly string[]; only?: readonly string[] } = {},
): Promise<void> {
  await readable(page);
  // Half a megabyte, which a page that has it need not be given again.
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(readFileSync(axePath, "utf8"));
  const asked = { disabled: [...(options.disable ?? [])], only: [...(options.only ?? [])] };
  const found = await page.evaluate(async ({ disabled, only }) => {
    const axe = (globalThis as unknown as { axe: { run(where: Document, how: object): Promise<unknown> } })
      .axe;
    const rules = Object.fromEntries(disabled.map((rule) => [rule, { enabled: false }]));
    const runOnly = only.length ? { runOnly: { type: "rule", values: only } } : {};
    return (await axe.run(document, { rules, ...runOnly, resultTypes: ["violations"] })) as {
      violations: { id: string; help: string; nodes: AxeNode[] }[];
    };
  }, asked);
  const lines = found.violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}\n${nodes.map((node) => `    ${node.target.join(" ")}: ${node.failureSummary ?? ""}`).join("\n")}`,
  );
  expect(lines, lines.join("\n")).toEqual([]);
}

const shotsPath = fileURLToPath(new URL("../../test-results/shots", import.meta.url));

/** Keeps a picture of the page for people to look at, when SHOTS is set. */
export async function shoot(page: Page, name: string): Promise<void> {
  if (!process.env.SHOTS) return;
  mkdirSync(shotsPath, { recursive: true });
  await page.screenshot({ path: join(shotsPath, `${name}.png`) });
}
