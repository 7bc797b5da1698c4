/** Text: plain text, shown as it is, with line ends kept. */
import { defineTag } from "../_contract/contract";
import { textAttributes } from "./attributes";

export default defineTag({
  name: "Text",
  role: "object",
  attrs: textAttributes,
  resultTypes: [],
  uses: ["text"],
  doc: "Plain text to read, classify, and mark spans in.",
  sample: (attributes) =>
    attributes.get("valuetype") === "url"
      ? "/samples/text.txt"
      : "Ada Lovelace met Charles Babbage in London in 1833 and wrote the first published program for his machine.",
  load: async () => ({ view: (await import("./view")).default }),
});
