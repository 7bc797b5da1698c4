/** One of many named values, found by typing. */
import * as Kobalte from "@kobalte/core/combobox";
import { Icon } from "./Icon";
import type { Option } from "./Select";
import "./Field.css";
import "./Menu.css";
import "./Select.css";

export interface ComboboxProps<Value extends string> {
  label: string;
  placeholder?: string;
  options: readonly Option<Value>[];
  value: Value | null;
  onChange: (value: Value | null) => void;
}

export function Combobox<Value extends string>(props: ComboboxProps<Value>) {
  const chosen = () => props.options.find((option) => option.value === props.value) ?? null;
  return (
    <Kobalte.Root<Option<Value>>
      class="field"
      options={[...props.options]}
      optionValue="value"
      optionTextValue="label"
      optionLabel="label"
      value={chosen()}
      onChange={(option) => props.onChange(option?.value ?? null)}
      placeholder={props.placeholder ?? ""}
      triggerMode="focus"
      gutter={4}
      itemComponent={(item) => (
        <Kobalte.Item item={item.item} class="menu-item">
          <Kobalte.ItemLabel>{item.item.rawValue.label}</Kobalte.ItemLabel>
        </Kobalte.Item>
      )}
    >
      <Kobalte.Label class="field-label">{props.label}</Kobalte.Label>
      <Kobalte.Control class="combobox">
        <Kobalte.Input class="input" />
        <Kobalte.Trigger class="combobox-open" aria-label={props.label}>
          <Icon name="chevron-down" />
        </Kobalte.Trigger>
      </Kobalte.Control>
      <Kobalte.Portal>
        <Kobalte.Content class="menu select-list">
          <Kobalte.Listbox class="select-options" />
        </Kobalte.Content>
      </Kobalte.Portal>
    </Kobalte.Root>
  );
}
