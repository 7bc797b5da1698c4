/** List: entries with a title and a text, shown below each other, to be ranked. */
import { nameAttribute } from "../_contract/attributes";
import { defineTag } from "../_contract/contract";

export default defineTag({
  name: "List",
  role: "object",
  attrs: {
    ...nameAttribute,
    value: { type: "value", required: true, doc: "List of `{id, title, body, html}`." },
    title: { type: "text", doc: "Heading of the list." },
  },
  resultTypes: [],
  uses: [],
  doc: "Entries to rank.",
  sample: () => [
    { id: "a", title: "The first", body: "A short answer." },
    { id: "b", title: "The second", body: "A longer answer." },
  ],
  load: async () => ({ view: (await import("./view")).default }),
});
