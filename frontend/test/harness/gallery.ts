/** The gallery's templates, read from where the back end keeps them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ResultItem } from "../../src/api/types";

const folder = fileURLToPath(new URL("../../../chalicelib/domain/templates/gallery", import.meta.url));

export interface GalleryTemplate {
  readonly id: string;
  readonly group: string;
  readonly config: string;
  readonly sample: Record<string, unknown>;
  readonly expected: readonly ResultItem[];
}

export function galleryTemplates(): GalleryTemplate[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((group) => group.isDirectory())
    .flatMap((group) =>
      readdirSync(join(folder, group.name), { withFileTypes: true })
        .filter((one) => one.isDirectory())
        .map((one) => readTemplate(group.name, one.name)),
    );
}

function readTemplate(group: string, id: string): GalleryTemplate {
  const about = JSON.parse(readFileSync(join(folder, group, id, "template.json"), "utf8"));
  const config = readFileSync(join(folder, group, id, "config.xml"), "utf8").trim();
  return { id, group, config, sample: about.sample, expected: about.expected_result };
}
