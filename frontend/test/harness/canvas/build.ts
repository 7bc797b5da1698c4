/** Builds the canvas harness page on its own, once per process; it is no part of the product's bundle. */
import { fileURLToPath } from "node:url";
import { build } from "vite";

const outDir = fileURLToPath(new URL("../../../test-results/canvas", import.meta.url));
let built: Promise<string> | undefined;

/** Gives the folder the page was built into. */
export function buildCanvasHarness(): Promise<string> {
  built ??= build({
    root: fileURLToPath(new URL(".", import.meta.url)),
    configFile: false,
    logLevel: "warn",
    worker: { format: "es" },
    build: { outDir, emptyOutDir: true, target: "es2022", assetsInlineLimit: 0 },
  }).then(() => outDir);
  return built;
}
