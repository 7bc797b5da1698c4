/**
 * Builds the bench page, runs it in Chromium and prints the table.
 * Usage: node bench/run.mjs [gl|worker2d] [scenes]; without a renderer the machine chooses.
 */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { cpus, loadavg } from "node:os";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { build } from "vite";

const [renderer = "", scenes = ""] = process.argv.slice(2);
const outDir = fileURLToPath(new URL("../test-results/bench", import.meta.url));
const types = { ".html": "text/html", ".js": "text/javascript" };

await build({
  root: fileURLToPath(new URL(".", import.meta.url)),
  configFile: false,
  logLevel: "warn",
  worker: { format: "es" },
  build: { outDir, emptyOutDir: true, target: "es2022", assetsInlineLimit: 0 },
});
const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  const file = pathname === "/" ? "/index.html" : pathname;
  const body = await readFile(outDir + file).catch(() => undefined);
  response
    .writeHead(body ? 200 : 404, { "Content-Type": types[extname(file)] ?? "application/octet-stream" })
    .end(body);
}).listen(0, "127.0.0.1");

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-precise-memory-info",
    "--js-flags=--expose-gc",
    ...(renderer === "gl" ? ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"] : ["--disable-gpu"]),
  ],
});
try {
  const page = await browser.newPage({ viewport: { width: 1600, height: 1500 } });
  page.on("pageerror", (error) => console.error(error));
  const query = new URLSearchParams({ ...(renderer && { renderer }), ...(scenes && { scenes }) });
  await page.goto(`http://127.0.0.1:${server.address().port}/?${query}`);
  await page.waitForFunction(() => window.__bench !== undefined, null, { timeout: 600_000 });
  const rows = await page.evaluate(() => window.__bench);
  // What is measured differs by kind: rows with the same columns make one table.
  for (const columns of new Set(rows.map((row) => Object.keys(row).join()))) {
    const alike = rows.filter((row) => Object.keys(row).join() === columns);
    console.table(Object.fromEntries(alike.map(({ scene, ...row }) => [scene, row])));
  }
  console.log(
    `load of the machine over the last minute: ${loadavg()[0].toFixed(2)} on ${cpus().length} cores`,
  );
} finally {
  await browser.close();
  server.close();
}
