import { afterEach, describe, expect, it, vi } from "vitest";
import { adoptKeys, changed, changeKeys, keysOf, meet, nameOf, own, pressOf } from "./keymap";

const person = vi.hoisted(() => ({ user: { id: 1, custom_hotkeys: {} as object } as object | null }));
vi.mock("./auth", () => ({
  currentUser: () => person.user,
  updateUser: (change: object) => {
    person.user = { ...person.user, ...change };
  },
}));

const press = (init: KeyboardEventInit) => pressOf(new KeyboardEvent("keydown", init));

/** Lets the server answer with this status; gives what it is sent. */
function server(status: number): unknown[] {
  const sent: unknown[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    sent.push(await request.json());
    return new Response("{}", { status, headers: { "Content-Type": "application/json" } });
  });
  return sent;
}

afterEach(async () => {
  server(200);
  await changeKeys(Object.fromEntries(["label.submit", "palette", "image.box"].map((id) => [id, undefined])));
  vi.unstubAllGlobals();
  localStorage.clear();
  person.user = { id: 1, custom_hotkeys: {} };
});

describe("a press", () => {
  it.each([
    ["a letter", { key: "K", code: "KeyK", shiftKey: true }, "Shift+k"],
    ["a digit with Shift", { key: "!", code: "Digit1", shiftKey: true }, "Shift+Digit1"],
    ["a letter that Alt turns into a sign", { key: "®", code: "KeyR", altKey: true }, "Alt+KeyR"],
    ["Control", { key: "Enter", code: "Enter", ctrlKey: true }, "$mod+Enter"],
    ["a sign", { key: "/", code: "Slash" }, "/"],
    ["a sign that the server does not take", { key: "?", code: "Slash", shiftKey: true }, "Shift+Slash"],
    ["the space bar", { key: " ", code: "Space" }, "Space"],
    ["a letter that is not Latin", { key: "ж", code: "Semicolon" }, "ж"],
  ])("of %s is named so that it can be bound and stored", (_, init, name) => {
    expect(press(init)).toBe(name);
    expect(name.replace("$mod", "mod")).toMatch(/^[\p{L}\p{N}_+ .,;:'[\]\\/`=-]{1,40}$/u);
  });

  it("of a modifier alone is none yet", () => expect(press({ key: "Shift" })).toBeNull());
});

describe("own keys", () => {
  it("take the place of the standard ones, are none, or are given back", async () => {
    const sent = server(200);
    expect(keysOf("label.submit", "$mod+Enter")).toBe("$mod+Enter");
    expect(await changeKeys({ "label.submit": "$mod+s", palette: null })).toBe(true);

    expect(keysOf("label.submit", "$mod+Enter")).toBe("$mod+s");
    expect(keysOf("palette", "$mod+K")).toBeUndefined();
    expect(sent).toEqual([
      {
        custom_hotkeys: {
          "label:submit": { key: "mod+s", active: true },
          "app:palette": { key: "none", active: false },
        },
      },
    ]);
    await changeKeys({ "label.submit": undefined, palette: undefined });
    expect(own()).toEqual({});
  });

  it("leave what other programs keep there", () => {
    const theirs = { "annotation:submit": { key: "ctrl+enter" } };
    expect(changed(theirs, { "image.box": "x" })).toEqual({
      ...theirs,
      [nameOf("image.box")]: { key: "x", active: true },
    });
  });

  it("are those of the account, wherever one signs in", async () => {
    person.user = { id: 1, custom_hotkeys: { "image:box": { key: "x" } } };
    await adoptKeys();
    expect(keysOf("image.box", "r")).toBe("x");
  });

  it("wait on this device while the server is away, and go to the account first thing", async () => {
    server(503);
    expect(await changeKeys({ "image.box": "x" })).toBe(false);
    expect(keysOf("image.box", "r")).toBe("x");
    const sent = server(200);
    await adoptKeys();
    expect(sent).toEqual([{ custom_hotkeys: { "image:box": { key: "x", active: true } } }]);
    expect(keysOf("image.box", "r")).toBe("x");
  });

  it("that wait belong to the person who chose them", async () => {
    server(503);
    await changeKeys({ "image.box": "x" });
    person.user = { id: 2, custom_hotkeys: {} };
    await adoptKeys();
    expect(keysOf("image.box", "r")).toBe("r");
  });
});

it.each([
  ["$mod+z", "Control+z", true],
  ["Shift+?", "?", true],
  ["Shift+Slash", "Shift+/", true],
  ["Alt+KeyR", "Alt+r", true],
  ["g", "g p", true],
  ["g p", "g d", false],
  ["$mod+z", "$mod+Shift+z", false],
  ["1", "Digit1", true],
])("%s and %s meet: %s", (one, other, wanted) => expect(meet(one, other)).toBe(wanted));

it("nothing meets no key", () => expect(meet(undefined, "a")).toBe(false));
