/** Keys as configurations write them ("ctrl+enter", "shift+1"), in the form the hotkey layer takes. */

const names: Readonly<Record<string, string>> = {
  ctrl: "Control",
  control: "Control",
  cmd: "Meta",
  command: "Meta",
  meta: "Meta",
  alt: "Alt",
  option: "Alt",
  shift: "Shift",
  enter: "Enter",
  return: "Enter",
  esc: "Escape",
  escape: "Escape",
  space: "Space",
  tab: "Tab",
  backspace: "Backspace",
  delete: "Delete",
  del: "Delete",
  up: "ArrowUp",
  down: "ArrowDown",
  left: "ArrowLeft",
  right: "ArrowRight",
  pageup: "PageUp",
  pagedown: "PageDown",
  plus: "+",
  minus: "-",
};

/** With Shift a digit types another sign, so the key is named by its place. */
export function tinyKey(key: string): string {
  const parts = key.split("+").filter(Boolean);
  const shifted = parts.includes("shift");
  return parts
    .map((part) => {
      if (shifted && /^\d$/.test(part)) return `Digit${part}`;
      if (shifted && /^[a-z]$/.test(part)) return `Key${part.toUpperCase()}`;
      return names[part] ?? part;
    })
    .join("+");
}
