/** Taxonomy: one or several places of a tree. */
import { classifyAttributes } from "../_contract/attributes";
import { defineTag } from "../_contract/contract";

export default defineTag({
  name: "Taxonomy",
  role: "control",
  attrs: {
    ...classifyAttributes,
    value: { type: "value", doc: "The tree in the data." },
    apiUrl: { type: "value", doc: "Address that gives the tree, branch by branch." },
    leafsOnly: { type: "boolean", default: false, doc: "Whether only ends of the tree may be chosen." },
    showFullPath: { type: "boolean", default: false, doc: "Show the whole path of what is chosen." },
    pathSeparator: { type: "text", default: " / ", doc: "What stands between the steps of a path." },
    maxUsages: { type: "number", min: 1, doc: "How many may be chosen." },
    minWidth: { type: "css", doc: "Least width of the field." },
    maxWidth: { type: "css", doc: "Greatest width of the field." },
    dropdownWidth: { type: "css", doc: "Width of the list." },
    placeholder: { type: "text", default: "Find or choose", doc: "Shown while nothing is chosen." },
    labeling: { type: "boolean", default: false, doc: "Works as a list of labels for spans." },
    legacy: { type: "boolean", default: false, doc: "The old look; people may add entries." },
  },
  resultTypes: ["taxonomy"],
  uses: [],
  doc: "A choice in a tree.",
  load: async () => {
    const [view, codec] = await Promise.all([import("./view"), import("./codec")]);
    return { view: view.default, codec: codec.default };
  },
});
