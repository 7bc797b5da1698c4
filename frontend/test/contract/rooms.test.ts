/** Which room may lean on which: reads every import under src and holds it to the rules of the design. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const src = resolve(import.meta.dirname, "../../src");

/** A place is the longest of these that a path begins with; each lists the places it may import, besides itself. */
const rooms: Record<string, readonly string[] | "anything"> = {
  "canvas/geometry": [],
  trust: [],
  config: ["trust"],
  "text/offsets": [],
  text: ["text/offsets", "config", "store"],
  media: ["config", "store"],
  store: ["config", "api"],
  canvas: ["canvas/geometry", "store", "config"],
  templates: [],
  api: [],
  ui: [],
  app: ["api", "ui"],
  tags: [
    "trust",
    "config",
    "store",
    "canvas",
    "canvas/geometry",
    "text",
    "text/offsets",
    "media",
    "ui",
    "api",
  ],
  pages: "anything",
  main: "anything",
};

/**
 * Packages that are wrapped: only these rooms may know them. In a tag's folder a `.tsx` is part of its view;
 * index, codec and tool are plain TypeScript.
 */
const wrapped: [RegExp, (file: string) => boolean][] = [
  [
    /^solid-js(\/|$)|^@solidjs\//,
    (file) => /^(ui|app|pages)\/|^main\.tsx$|^tags\/[^/]+\/[^/]+\.tsx$/.test(file),
  ],
  [/^@tanstack\/solid-query$/, (file) => /^(app|pages)\//.test(file)],
  [/^@tanstack\/solid-virtual$/, (file) => /^ui\//.test(file)],
  [/^@kobalte\//, (file) => /^ui\//.test(file)],
  [/^openapi-fetch$/, (file) => /^api\//.test(file)],
  [/^tinykeys$/, (file) => /^app\//.test(file)],
];

interface Import {
  file: string;
  target: string;
}

function roomOf(path: string): string | null {
  const fitting = Object.keys(rooms).filter(
    (room) => path === room || path.startsWith(`${room}/`) || path.startsWith(`${room}.`),
  );
  return fitting.sort((a, b) => b.length - a.length)[0] ?? null;
}

/** Why this import may not be, or null. Paths are relative to src; packages are as written. */
function complaint({ file, target }: Import, isPackage: boolean): string | null {
  if (isPackage) {
    const rule = wrapped.find(([name]) => name.test(target));
    return rule && !rule[1](file) ? `${file} must not know ${target}` : null;
  }
  const from = roomOf(file);
  const to = roomOf(target);
  if (!from) return `${file} stands in no room`;
  if (!to) return `${file} imports ${target}, which stands in no room`;
  if (from === to) return null;
  if (to === "pages" && from !== "main") return `${file} imports a page: ${target}`;
  const allowed = rooms[from];
  return allowed === "anything" || allowed?.includes(to)
    ? null
    : `${file} imports ${target}: ${from} may not lean on ${to}`;
}

function sources(): string[] {
  const found = readdirSync(src, { recursive: true, encoding: "utf8" });
  return found
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$|\.d\.ts$/.test(path))
    .map((path) => path.replaceAll("\\", "/"));
}

const importing =
  /(?:^|\n)\s*(?:import|export)\s[^;'"]*?from\s*["']([^"']+)["']|(?:^|\n)\s*import\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/g;

function importsOf(file: string): { found: Import; isPackage: boolean }[] {
  const text = readFileSync(join(src, file), "utf8");
  return [...text.matchAll(importing)].map((match) => {
    const written = match[1] ?? match[2] ?? match[3] ?? "";
    const isPackage = !written.startsWith(".");
    const target = isPackage
      ? written
      : relative(src, resolve(src, dirname(file), written)).replaceAll("\\", "/");
    return { found: { file, target }, isPackage };
  });
}

describe("the rooms of the front end", () => {
  it("lean only on those they may", () => {
    const all = sources().flatMap(importsOf);
    const complaints = all.flatMap(({ found, isPackage }) => complaint(found, isPackage) ?? []);

    expect(all.length).toBeGreaterThan(100);
    expect(complaints).toEqual([]);
  });

  it.each([
    ["store/document.ts", "solid-js", true],
    ["tags/Image/codec.ts", "solid-js", true],
    ["pages/data/index.tsx", "@kobalte/core/dialog", true],
    ["api/client.ts", "@tanstack/solid-query", true],
    ["ui/Button.tsx", "app/i18n", false],
    ["app/router.tsx", "pages/projects", false],
    ["config/tree.ts", "store/document", false],
    ["canvas/geometry/box.ts", "canvas/scene", false],
    ["helpers/strings.ts", "config/tree", false],
  ])("the rule would catch %s importing %s", (file, target, isPackage) => {
    expect(complaint({ file, target }, isPackage)).not.toBeNull();
  });

  it.each([
    ["tags/Image/view.tsx", "solid-js", true],
    ["tags/Image/view.tsx", "ui/Button", false],
    ["pages/label/index.tsx", "store/document", false],
    ["main.tsx", "pages/routes", false],
    ["canvas/scene.ts", "canvas/geometry/box", false],
  ])("the rule lets %s import %s", (file, target, isPackage) => {
    expect(complaint({ file, target }, isPackage)).toBeNull();
  });
});
