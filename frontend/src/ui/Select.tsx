/** One of a few named values, in a list that opens from a button. */
import * as Kobalte from "@kobalte/core/select";
import { Icon } from "./Icon";
import "./Field.css";
import "./Menu.css";
import "./Select.css";

export interface Option<Value extends string> {
  value: Value;
  label: string;
}

export interface SelectProps<Value extends string> {
  label: string;
  /** The name is for screen readers only, because the place says it already. */
  labelHidden?: boolean;
  hint?: string;
  options: readonly Option<Value>[];
  value: Value;
  onChange: (value: Value) => void;
}

export function Select<Value extends string>(props: SelectProps<Value>) {
  const chosen = () => props.options.find((option) => option.value === props.value) ?? null;
  return (
    <Kobalte.Root<Option<Value>>
      class="field"
      options={[...props.options]}
      optionValue="value"
      optionTextValue="label"
      value={chosen()}
      onChange={(option) => {
        // The list says its choice again when its options become others, and when it is chosen once more.
        if (option && option.value !== props.value) props.onChange(option.value);
      }}
      disallowEmptySelection
      gutter={4}
      itemComponent={(item) => (
        <Kobalte.Item item={item.item} class="menu-item">
          <span class="menu-tick">
            <Kobalte.ItemIndicator>
              <Icon name="check" />
            </Kobalte.ItemIndicator>
          </span>
          <Kobalte.ItemLabel>{item.item.rawValue.label}</Kobalte.ItemLabel>
        </Kobalte.Item>
      )}
    >
      <Kobalte.Label class={props.labelHidden ? "visually-hidden" : "field-label"}>
        {props.label}
      </Kobalte.Label>
      <Kobalte.Trigger class="select">
        <Kobalte.Value<Option<Value>> class="select-value">
          {(state) => state.selectedOption()?.label}
        </Kobalte.Value>
        <Icon name="chevron-down" />
      </Kobalte.Trigger>
      {props.hint && <Kobalte.Description class="field-hint">{props.hint}</Kobalte.Description>}
      <Kobalte.Portal>
        <Kobalte.Content class="menu select-list">
          <Kobalte.Listbox class="select-options" />
        </Kobalte.Content>
      </Kobalte.Portal>
    </Kobalte.Root>
  );
}
