/** Style: CSS rules for the labeling area, confined to it and cleaned. */
import { defineTag } from "../_contract/contract";

export default defineTag({
  name: "Style",
  role: "visual",
  attrs: {},
  content: "text",
  resultTypes: [],
  uses: [],
  doc: "CSS rules for the labeling area only.",
  load: async () => ({ view: (await import("./view")).default }),
});
