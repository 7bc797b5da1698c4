/**
 * The compiler of configs in the browser, with what the editor asks of it: faults, completion, sample data, and
 * what each tag is for. Fetched after the page, for its tags bring the sentences that the labeling screen leaves out.
 */
import { tagAtCaret } from "../../config/caret";
import { type CompletionOptions, complete, type Suggestions } from "../../config/complete";
import type { JsonObject } from "../../config/json";
import { sampleTask } from "../../config/sample";
import type { TagCatalog, TagSchema } from "../../config/schema";
import type { ConfigTree } from "../../config/tree";
import { type Validation, validateConfig } from "../../config/validate";

type Exported = TagSchema | readonly TagSchema[];

const folders = import.meta.glob<Exported>("../../tags/*/index.ts", {
  eager: true,
  query: "?apart",
  import: "default",
});

const all: readonly TagSchema[] = Object.keys(folders)
  .filter((path) => !path.includes("/_"))
  .sort()
  .flatMap((path) => ([] as TagSchema[]).concat(folders[path] ?? []));
const byName = new Map(
  all.flatMap((schema) =>
    [schema.name, ...(schema.otherNames ?? [])].map((name) => [name.toLowerCase(), schema] as const),
  ),
);

/** Every tag, with its sentences. */
export const tags: TagCatalog = { get: (name) => byName.get(name.toLowerCase()), all: () => all };

export const check = (text: string): Validation => validateConfig(text, tags);
export const suggest = (text: string, at: number, how: CompletionOptions): Suggestions | null =>
  complete(text, at, tags, how);
export const sample = (tree: ConfigTree): JsonObject => sampleTask(tree);

/** The tag that a place of the text belongs to; undefined outside of all, and where nobody knows it. */
export const tagAt = (text: string, at: number): TagSchema | undefined => tags.get(tagAtCaret(text, at));
