/** Writing into a text area as people do, so that its own undo takes it back. */

/** Replaces what stands between two places, and puts the caret `caret` signs behind the first. */
export function replaceText(
  area: HTMLTextAreaElement,
  from: number,
  to: number,
  text: string,
  caret = text.length,
): void {
  area.focus();
  area.setSelectionRange(from, to);
  // Deprecated, and the only way into the undo of a text area that there is.
  const done = text === "" ? document.execCommand("delete") : document.execCommand("insertText", false, text);
  if (!done && from + text.length !== to - from) {
    area.setRangeText(text, from, to, "end");
    area.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
  area.setSelectionRange(from + caret, from + caret);
}
