/**
 * What is here before anything is fetched must speak with the words and draw with the icons that are here, too: those
 * of the pages come with the pages. Follows the imports of the start and of the labeling screen.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { en } from "../../src/app/i18n/en";
import { icons } from "../../src/ui/icons";
import { pageIcons } from "../../src/ui/pageIcons";

const src = resolve(import.meta.dirname, "../../src");
const importing = /(?:^|\n)\s*(?:import|export)\s(?!type)[^;'"]*?from\s*["'](\.[^"']+)["']/g;

function found(from: string, written: string): string | undefined {
  const path = resolve(dirname(from), written);
  const tried = ["", ".ts", ".tsx", "/index.ts", "/index.tsx"].map((end) => path + end);
  return tried.find((one) => /\.tsx?$/.test(one) && existsSync(one));
}

function follow(file: string, seen: Set<string>): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, written = ""] of readFileSync(file, "utf8").matchAll(importing)) {
    const next = found(file, written);
    if (next) follow(next, seen);
  }
  return seen;
}

const tags = readdirSync(join(src, "tags"), { recursive: true, encoding: "utf8" })
  .filter((path) => /\.tsx?$/.test(path) && !path.includes(".test."))
  .map((path) => join(src, "tags", path));
const files = [join(src, "main.tsx"), join(src, "pages/label/index.tsx"), ...tags].reduce(
  (seen, file) => follow(file, seen),
  new Set<string>(),
);
const text = [...files].map((file) => readFileSync(file, "utf8")).join("\n");

describe("what is here from the start", () => {
  it("says only what its own catalogue has", () => {
    const said = [...text.matchAll(/\bt\(\s*(["`])([\w.]+)(\$\{[^}]+\})?\1/g)].map(
      ([, , key = "", hole]) => ({
        key,
        open: hole !== undefined,
      }),
    );
    // What the toast of a job says is waited for.
    const waited = new Set(["job.doneToast", "job.failedToast"]);
    const known = Object.keys(en);
    const missing = said.filter(({ key, open }) =>
      open ? !known.some((one) => one.startsWith(key)) : !known.includes(key) && !waited.has(key),
    );

    expect(said.length).toBeGreaterThan(20);
    expect(missing).toEqual([]);
  });

  it("draws only icons that came with it", () => {
    const drawn = [...text.matchAll(/(?:\bicon=|<Icon name=)"([\w-]+)"/g)].map(([, name = ""]) => name);

    expect(drawn.length).toBeGreaterThan(5);
    expect(drawn.filter((name) => name in pageIcons && !(name in icons))).toEqual([]);
  });
});
