/** The gallery's templates that a person can fill in, and why the others have to wait. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ResultItem } from "../../src/api/types";
import { registry } from "../../src/tags/_contract/registry";
import { type GalleryTemplate, galleryTemplates } from "./gallery";
import { PAINTED } from "./pairValues";

/** Tags without a view on the labeling screen, and why; templates with them are shown and kept, not filled in. */
const LATER: Readonly<Record<string, string>> = {
  Audio: "sound is not played yet",
  Video: "films are not played yet",
  TimeSeries: "series are not plotted yet",
  Pdf: "documents are not shown yet",
  Chat: "talk is not held yet",
  ReactCode: "foreign interfaces do not run",
  Object3D: "bodies are not shown yet",
};

/** Old tags that show something and ask for nothing. */
const SHOWN_ONLY: ReadonlySet<string> = new Set(["Dialog"]);

const unknownTags = ({ config }: GalleryTemplate): string[] =>
  [...config.matchAll(/<([A-Z]\w*)/g)].flatMap(([, tag = ""]) => (registry.get(tag) ? [] : [tag]));

/** Tags that the screen does not know and that no table names, with the templates that have them. */
export function strayTags(): string[] {
  return galleryTemplates().flatMap((template) => {
    const tags = unknownTags(template).filter((tag) => !SHOWN_ONLY.has(tag));
    return tags.length === 0 || tags.some((tag) => LATER[tag]) ? [] : [`${template.id}: ${tags.join(", ")}`];
  });
}

/** The others, with the results that a person makes of their samples. */
export function madeByHand(): GalleryTemplate[] {
  return galleryTemplates()
    .filter((template) => !unknownTags(template).some((tag) => LATER[tag]))
    .map((template) => ({ ...template, expected: template.expected.map((item) => painted(item, template)) }));
}

/** The masks of examples are those of tiny pictures: a person paints on the real one. */
function painted(item: ResultItem, { sample }: GalleryTemplate): ResultItem {
  const key = ["rle", "imageDataURL"].find((one) => item.value?.[one] !== undefined);
  if (key === undefined) return item;
  const picture = Object.values(sample).find((one) => /\.svg$/.test(String(one)));
  const [original_width, original_height] = sizeOf(String(picture));
  return { ...item, original_width, original_height, value: { ...item.value, [key]: PAINTED } };
}

function sizeOf(address: string): [number, number] {
  const file = fileURLToPath(new URL(`../../public${address}`, import.meta.url));
  const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(readFileSync(file, "utf8")) ?? [];
  return [Number(width), Number(height)];
}
