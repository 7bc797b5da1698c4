/** Builds the page once per run of the browser tests; SKYLABEL_DIST names a build to use instead. */
import { fileURLToPath } from "node:url";
import { build } from "vite";

/** An empty name means none: the folder of the build is emptied first, and must never be this one. */
export const distPath =
  process.env.SKYLABEL_DIST || fileURLToPath(new URL("../../test-results/dist", import.meta.url));

export default async function setup(): Promise<void> {
  if (process.env.SKYLABEL_DIST) return;
  // As it is shipped: in a test run packages would give their development builds, which are larger.
  process.env.NODE_ENV = "production";
  await build({
    root: fileURLToPath(new URL("../..", import.meta.url)),
    logLevel: "warn",
    build: { outDir: distPath, emptyOutDir: true, manifest: true },
  });
}
