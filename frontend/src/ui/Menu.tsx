/** A menu behind a button: arrows, first letters and Escape work, as the platform's own menus do. */
import * as Kobalte from "@kobalte/core/dropdown-menu";
import { For, type JSX, Match, Show, Switch } from "solid-js";
import { Button, type ButtonShape } from "./Button";
import { Icon, type IconName } from "./Icon";
import "./Menu.css";

export interface MenuAction {
  label: string;
  icon?: IconName;
  run: () => void;
  danger?: boolean;
  disabled?: boolean;
  /** Given, the item is a tick that can be set; the menu stays open. */
  checked?: boolean;
}

export type MenuItem = MenuAction | "separator" | { heading: string };

export interface MenuProps {
  /** What the button looks like; without words it needs a `label`. */
  button: ButtonShape & { children?: JSX.Element };
  items: readonly MenuItem[];
}

export function Menu(props: MenuProps) {
  return (
    <Kobalte.Root placement="bottom-end" gutter={4} modal={false}>
      <Kobalte.Trigger as={Button} look="quiet" {...props.button} />
      <Kobalte.Portal>
        <Kobalte.Content class="menu">
          <For each={props.items}>
            {(item) => (
              <Switch>
                <Match when={item === "separator"}>
                  <Kobalte.Separator class="menu-line" />
                </Match>
                <Match when={typeof item === "object" && "heading" in item && item}>
                  {(found) => <div class="menu-heading">{found().heading}</div>}
                </Match>
                <Match when={typeof item === "object" && "run" in item && item}>
                  {(found) => <Action item={found()} />}
                </Match>
              </Switch>
            )}
          </For>
        </Kobalte.Content>
      </Kobalte.Portal>
    </Kobalte.Root>
  );
}

function Action(props: { item: MenuAction }) {
  return (
    <Show
      when={props.item.checked !== undefined}
      fallback={
        <Kobalte.Item
          class="menu-item"
          data-danger={props.item.danger ? "" : undefined}
          disabled={props.item.disabled ?? false}
          onSelect={() => props.item.run()}
        >
          <Show when={props.item.icon}>{(name) => <Icon name={name()} />}</Show>
          <span>{props.item.label}</span>
        </Kobalte.Item>
      }
    >
      <Kobalte.CheckboxItem
        class="menu-item"
        closeOnSelect={false}
        checked={props.item.checked ?? false}
        onChange={() => props.item.run()}
      >
        <span class="menu-tick">
          <Kobalte.ItemIndicator>
            <Icon name="check" />
          </Kobalte.ItemIndicator>
        </span>
        <span>{props.item.label}</span>
      </Kobalte.CheckboxItem>
    </Show>
  );
}
