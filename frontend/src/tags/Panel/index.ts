/** Panel: one part of a Collapse, under its title. */
import { defineTag } from "../_contract/contract";

export default defineTag({
  name: "Panel",
  role: "visual",
  parents: ["Collapse"],
  attrs: { value: { type: "value", required: true, doc: "The title." } },
  resultTypes: [],
  uses: [],
  doc: "One panel of a Collapse.",
  load: async () => ({ view: (await import("./view")).default }),
});
