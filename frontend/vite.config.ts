import { readFile } from "node:fs/promises";
import type { Plugin } from "vite";
import solid from "vite-plugin-solid";
import { defineConfig } from "vitest/config";

/**
 * What tags and attributes are for is read by documentation and tests, never by the page: a tenth of the labeling
 * screen's script would be prose.
 */
const withoutDocs: Plugin = {
  name: "without-docs",
  apply: "build",
  enforce: "pre",
  transform(code, id) {
    if (!/\/src\/tags\/[^/]+\/(?:index|attributes)\.ts$/.test(id)) return null;
    return { code: code.replace(/\bdoc:\s*(?:"(?:[^"\\]|\\.)*"|'[^']*'|`[^`]*`),?/g, ""), map: null };
  },
};

/**
 * The config editor's compiler is a file of its own, `compiler.ts?apart`, with copies of what it shares with the
 * labeling screen: the tags keep their sentences there, and the screen's own file is not cut into pieces for it.
 * It draws nothing, so that the views of its tags are left out.
 */
const copiesApart: Plugin = {
  name: "copies-apart",
  apply: "build",
  enforce: "pre",
  async resolveId(source, importer, options) {
    if (!importer?.endsWith("?apart")) return null;
    if (options.kind === "dynamic-import") return "\0left-out";
    const found = await this.resolve(source, importer, { ...options, skipSelf: true });
    return found && /\/src\/(?:config|tags)\/[^?]*$/.test(found.id) ? `${found.id}?apart` : found;
  },
  load: (id) => (id === "\0left-out" ? "export default {};" : null),
};

/** Icons without what says the same in each: blanks, class names, the notice of their license (one stays). */
const slimIcons: Plugin = {
  name: "slim-icons",
  apply: "build",
  enforce: "pre",
  async load(id) {
    const file = /^(.*\/lucide-static\/icons\/([\w-]+)\.svg)\?raw$/.exec(id);
    if (!file?.[1]) return null;
    const drawn = await readFile(file[1], "utf8");
    const notice = file[2] === "x" ? "" : /<!--.*?-->/s;
    const slim = drawn
      .replace(notice, "")
      .replace(/ *class="[^"]*"| *xmlns="[^"]*"/g, "")
      .replace(/\s+/g, " ")
      .replace(/> </g, "><")
      .replace(/ (\/?>)/g, "$1");
    return `export default ${JSON.stringify(slim.trim())};`;
  },
};

export default defineConfig({
  plugins: [withoutDocs, copiesApart, slimIcons, solid()],
  build: { target: "es2022", sourcemap: false, assetsInlineLimit: 0 },
  worker: { format: "es" },
  server: {
    // Tests may find node_modules behind a link, outside this folder.
    fs: { strict: !process.env.VITEST },
    proxy: { "/api": "http://127.0.0.1:8080", "/data/upload": "http://127.0.0.1:8080" },
  },
  test: {
    environment: "happy-dom",
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          environment: "happy-dom",
          include: ["src/**/*.test.ts", "src/**/*.test.tsx", "test/contract/**/*.test.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          environment: "node",
          include: ["test/e2e/**/*.test.ts", "test/visual/**/*.test.ts", "test/a11y/**/*.test.ts"],
          globalSetup: ["./test/harness/build.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // A machine at work elsewhere is slow, not wrong.
          expect: { poll: { timeout: 20_000 } },
          fileParallelism: false,
        },
      },
    ],
  },
});
