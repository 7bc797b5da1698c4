/** Bucket: one of the columns of a Ranker. */
import { defineTag } from "../_contract/contract";

export default defineTag({
  name: "Bucket",
  role: "part",
  parents: ["Ranker"],
  attrs: {
    name: { type: "name", required: true, doc: "Key under which its entries are stored." },
    title: { type: "text", required: true, doc: "Heading of the column." },
    default: { type: "boolean", default: false, doc: "Whether entries start here." },
  },
  resultTypes: [],
  uses: [],
  doc: "A column of a Ranker.",
  load: async () => ({}),
});
