import { createMemo, onCleanup } from "solid-js";
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
  let input!: HTMLInputElement;
  const shown = () => stored() && parseDate(stored(), field.type, format);
  const write = () =>
    host.setValue(node, input.value ? { datetime: formatDate(input.value, field.type, format) } : null);
  onCleanup(
    host.onSubmit(() => {
      if (input.validity.badInput) return `${node.name}: ${input.validationMessage}`;
      // What the field cannot show is not taken for emptied; a year is written when it is left.
      if ((input.value || field.type === "number") && input.value !== shown()) write();
      return undefined;
    }),
  );
  return (
    <div class="textarea">
      <input
        ref={input}
        class="answer"
        style={{ "align-self": "flex-start" }}
        type={field.type}
        aria-label={node.name ?? "Date"}
        min={readText(node, "min") || (field.type === "number" ? 2000 : undefined)}
        max={readText(node, "max") || undefined}
        value={shown()}
        readOnly={host.readOnly}
        onBlur={() => {
          if (input.validity.badInput) input.value = shown();
        }}
        // Half a date, on the way from one to another: the answer is still the old one.
        onChange={() => (input.value || !input.validity.badInput) && write()}
      />
    </div>
  );
}
