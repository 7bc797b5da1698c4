/** All tags, found by their folders. Schemas are here at once; views, codecs and tools load on demand. */
import type { TagCatalog } from "../../config/schema";
import type { TagDefinition, TagModule } from "./contract";

const folders = import.meta.glob<{ default: TagDefinition | readonly TagDefinition[] }>("../*/index.ts", {
  eager: true,
});

/** A catalog over some definitions; names and older names are found in any case. */
export class TagRegistry implements TagCatalog {
  readonly #byKey = new Map<string, TagDefinition>();
  readonly #all: readonly TagDefinition[];
  readonly #modules = new Map<string, Promise<TagModule>>();

  constructor(definitions: readonly TagDefinition[]) {
    this.#all = definitions;
    for (const definition of definitions) {
      for (const name of [definition.name, ...(definition.otherNames ?? [])]) {
        const key = name.toLowerCase();
        if (this.#byKey.has(key)) throw new Error(`two tags are called ${name}`);
        this.#byKey.set(key, definition);
      }
    }
  }

  get(name: string): TagDefinition | undefined {
    return this.#byKey.get(name.toLowerCase());
  }

  all(): readonly TagDefinition[] {
    return this.#all;
  }

  /** Loads a tag's view, codec and tools once; a failed load is tried again on the next call. */
  load(name: string): Promise<TagModule> {
    const definition = this.get(name);
    if (!definition) return Promise.resolve({});
    const known = this.#modules.get(definition.name);
    if (known) return known;
    const loading = definition.load();
    this.#modules.set(definition.name, loading);
    loading.catch(() => this.#modules.delete(definition.name));
    return loading;
  }
}

/** The registry of every tag folder beside this one. An `index.ts` may export one tag or a list. */
export const registry = new TagRegistry(
  Object.keys(folders)
    .sort()
    .filter((path) => !path.includes("/_"))
    .flatMap((path) => {
      const exported = folders[path]?.default;
      return exported ? ([] as TagDefinition[]).concat(exported) : [];
    }),
);
