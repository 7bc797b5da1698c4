/** TextArea: text written by the annotator, for the object, a page or each region. */
import { classifyAttributes } from "../_contract/attributes";
import { defineTag } from "../_contract/contract";

export default defineTag({
  name: "TextArea",
  role: "control",
  attrs: {
    ...classifyAttributes,
    value: { type: "value", doc: "Text offered to begin with." },
    placeholder: { type: "text", doc: "Shown while empty." },
    rows: { type: "number", default: 1, min: 1, doc: "Height of the field in lines." },
    maxSubmissions: { type: "number", min: 1, doc: "How many texts may be added." },
    editable: { type: "boolean", default: false, doc: "Whether added texts can be changed." },
    transcription: { type: "boolean", default: false, doc: "Shown beside the regions, as a transcription." },
    skipDuplicates: {
      type: "boolean",
      default: false,
      doc: "Whether a text that is there already is refused.",
    },
    showSubmitButton: { type: "boolean", doc: "Show a button to add; shown if there are several rows." },
    allowSubmit: { type: "boolean", default: true, doc: "Whether texts can be added." },
  },
  resultTypes: ["textarea"],
  uses: [],
  doc: "A field for free text.",
  load: async () => {
    const [view, codec] = await Promise.all([import("./view"), import("./codec")]);
    return { view: view.default, codec: codec.default };
  },
});
