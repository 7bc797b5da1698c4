import { createMemo } from "solid-js";
import { readText, readWords } from "../../config/attributes";
import type { TagViewProps } from "../_contract/contract";
import { fieldFor, formatDate, parseDate } from "./format";

export default function DateTime(props: TagViewProps) {
  const { host, node } = props;
  const field = fieldFor(readWords(node, "only").map((part) => part.toLowerCase()));
  const format = readText(node, "format") || field.format;
  const stored = createMemo(() => {
    const target = host.valueTarget(node);
    const value = target ? host.results({ from: node.name ?? "", ...target })[0]?.value?.datetime : undefined;
    return typeof value === "string" ? value : "";
  });
  return (
    <div class="textarea">
      <input
        class="answer"
        style={{ "align-self": "flex-start" }}
        type={field.type}
        aria-label={node.name ?? "Date"}
        min={readText(node, "min") || (field.type === "number" ? 2000 : undefined)}
        max={readText(node, "max") || undefined}
        value={stored() && parseDate(stored(), field.type, format)}
        readOnly={host.readOnly}
        onBlur={({ currentTarget }) => {
          if (currentTarget.validity.badInput)
            currentTarget.value = stored() && parseDate(stored(), field.type, format);
        }}
        onChange={(event) => {
          const { value, validity } = event.currentTarget;
          // Half a date, on the way from one to another: the answer is still the old one.
          if (value === "" && validity.badInput) return;
          host.setValue(node, value ? { datetime: formatDate(value, field.type, format) } : null);
        }}
      />
    </div>
  );
}
