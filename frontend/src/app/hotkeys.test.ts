import { createComponent, createRoot } from "solid-js";
import { afterEach, describe, expect, it, vi } from "vitest";
import { dispatch, KeyGrounds, keyCaps, pushScope, setSingleKeys } from "./hotkeys";

const taken: (() => void)[] = [];
const scope = (...args: Parameters<typeof pushScope>) => {
  const remove = pushScope(...args);
  taken.push(remove);
  return remove;
};

function press(key: string, init: KeyboardEventInit = {}, target: EventTarget = document.body) {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...init });
  const listener = (heard: Event) => dispatch(heard as KeyboardEvent);
  document.addEventListener("keydown", listener);
  target.dispatchEvent(event);
  document.removeEventListener("keydown", listener);
  return event;
}

afterEach(() => {
  for (const remove of taken.splice(0)) remove();
  setSingleKeys(true);
  document.body.replaceChildren();
});

describe("keys", () => {
  it("go to the newest scope that wants them, and no further", () => {
    const [screen, tool] = [vi.fn(), vi.fn()];
    scope({ b: screen, n: screen });
    scope({ b: tool });

    press("b");
    press("n");

    expect(tool).toHaveBeenCalledTimes(1);
    expect(screen).toHaveBeenCalledTimes(1);
  });

  it("of a part of the page act while the focus is in it", () => {
    const [part, page] = [vi.fn(), vi.fn()];
    const ground = document.body.appendChild(document.createElement("div"));
    const inner = ground.appendChild(document.createElement("button"));
    scope({ b: page });
    createRoot(() => {
      createComponent(KeyGrounds.Provider, {
        value: () => ground,
        get children() {
          scope({ b: part });
          return undefined;
        },
      });
    });

    press("b");
    expect([part, page].map((run) => run.mock.calls.length)).toEqual([0, 1]);
    press("b", {}, inner);
    expect([part, page].map((run) => run.mock.calls.length)).toEqual([1, 1]);
  });

  it("stop at a modal scope", () => {
    const page = vi.fn();
    scope({ b: page });
    scope({ Escape: vi.fn() }, { modal: true });

    press("b");

    expect(page).not.toHaveBeenCalled();
  });

  it("without a modifier stay silent in a text field; with one they act", () => {
    const [single, save] = [vi.fn(), vi.fn()];
    scope({ b: single, "Control+s": save });
    const input = document.body.appendChild(document.createElement("input"));

    press("b", {}, input);
    press("s", { ctrlKey: true }, input);

    expect(single).not.toHaveBeenCalled();
    expect(save).toHaveBeenCalledTimes(1);
  });

  it("that select, copy or undo are left to a text field", () => {
    const [all, undo] = [vi.fn(), vi.fn()];
    scope({ "Control+a": all, "Control+z": undo });
    const area = document.body.appendChild(document.createElement("textarea"));

    press("a", { ctrlKey: true }, area);
    press("z", { ctrlKey: true }, area);
    press("z", { ctrlKey: true });

    expect(all).not.toHaveBeenCalled();
    expect(undo).toHaveBeenCalledTimes(1);
  });

  it("without a modifier can be turned off", () => {
    const single = vi.fn();
    scope({ b: single });
    setSingleKeys(false);

    press("b");

    expect(single).not.toHaveBeenCalled();
  });

  it("do not reach the page from inside a dialog", () => {
    const page = vi.fn();
    scope({ b: page });
    const dialog = document.createElement("div");
    dialog.setAttribute("role", "dialog");
    document.body.append(dialog);

    press("b", {}, dialog);

    expect(page).not.toHaveBeenCalled();
  });

  it("come one after another", () => {
    const go = vi.fn();
    scope({ "g p": go });

    press("g");
    press("p");

    expect(go).toHaveBeenCalledTimes(1);
  });

  it("are consumed when somebody acts, and left alone otherwise", () => {
    scope({ b: vi.fn() });

    expect(press("b").defaultPrevented).toBe(true);
    expect(press("c").defaultPrevented).toBe(false);
  });

  it("are drawn as caps", () => {
    expect(keyCaps("$mod+Enter")).toEqual([["Ctrl", "Enter"]]);
    expect(keyCaps("g p")).toEqual([["G"], ["P"]]);
    expect(keyCaps("Shift+?")).toEqual([["?"]]);
  });
});
