import { createEffect, createMemo, on, onCleanup } from "solid-js";
import { readText, readWords } from "../../config/attributes";
import type { TagViewProps, ValueTarget } from "../_contract/contract";
import { fieldFor, formatDate, parseDate } from "./format";

export default function DateTime(props: TagViewProps) {
  const { host, node } = props;
  const field = fieldFor(readWords(node, "only").map((part) => part.toLowerCase()));
  const format = readText(node, "format") || field.format;
  const target = createMemo(() => host.valueTarget(node));
  const place = createMemo(() => JSON.stringify(target()));
  const stored = createMemo(() => {
    const at = target();
    const value = at ? host.results({ from: node.name ?? "", ...at })[0]?.value?.datetime : undefined;
    return typeof value === "string" ? value : "";
  });
  let input!: HTMLInputElement;
  const shown = () => stored() && parseDate(stored(), field.type, format);
  // What is written belongs to the region that was selected when writing began.
  let begun: ValueTarget | null = null;
  const write = () => {
    const at = begun ?? target();
    begun = null;
    // Half a date, on the way from one to another: the answer is still the old one.
    if (!at || (!input.value && input.validity.badInput)) return;
    host.setValue(node, input.value ? { datetime: formatDate(input.value, field.type, format) } : null, at);
  };
  const leave = () => {
    if (begun) write();
  };
  onCleanup(leave);
  createEffect(
    on([place, stored], ([now]) => {
      if (JSON.stringify(begun) !== now) leave();
      begun = null;
      // Emptied even where nothing was stored: what is half written stays in a field that has no value.
      input.value = shown();
    }),
  );
  onCleanup(
    host.onSubmit(() => {
      if (input.validity.badInput) return `${node.name}: \u2068${input.validationMessage}\u2069`;
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
        readOnly={host.readOnly}
        onBlur={() => {
          if (input.validity.badInput) input.value = shown();
        }}
        onInput={() => {
          begun ??= target();
        }}
        onChange={write}
      />
    </div>
  );
}
