/** The views, codecs and tools of a configuration's tags, fetched before the task is drawn. */
import type { TagNode } from "../../config/tree";
import type { TagModule } from "../../tags/_contract/contract";
import { registry } from "../../tags/_contract/registry";

export type Modules = ReadonlyMap<string, TagModule>;

/** Loads what the tags of a configuration need. Lists of labels share one view. */
export async function loadModules(nodes: readonly TagNode[]): Promise<Modules> {
  const types = [...new Set(nodes.flatMap((node) => node.schema?.name ?? []))];
  const loaded = await Promise.all(
    types.map(async (type) => {
      const module = await registry.load(type);
      const isList = !module.view && registry.get(type)?.hasLabels;
      return [type, isList ? { ...(await registry.load("Labels")), ...module } : module] as const;
    }),
  );
  return new Map(
    loaded.map(([type, module]) => [
      type,
      module.view ? module : { ...module, ...viewOfLabels(type, loaded) },
    ]),
  );
}

function viewOfLabels(type: string, loaded: readonly (readonly [string, TagModule])[]): TagModule {
  const view = registry.get(type)?.hasLabels
    ? loaded.find(([other]) => other === "Labels")?.[1].view
    : undefined;
  return view ? { view } : {};
}
