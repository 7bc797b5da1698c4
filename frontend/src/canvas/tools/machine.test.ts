import { describe, expect, test } from "vitest";
import { Machine, type PointerInput, type State } from "./machine";

const press: PointerInput = {
  kind: "down",
  screen: { x: 0, y: 0 },
  image: { x: 0, y: 0 },
  button: 0,
  shift: false,
  alt: false,
  mod: false,
  clicks: 1,
  touch: false,
};

function traced(): { machine: Machine; log: string[] } {
  const log: string[] = [];
  const state = (name: string, more: State = {}): State => ({
    enter: () => void log.push(`+${name}`),
    exit: () => void log.push(`-${name}`),
    ...more,
  });
  const machine = new Machine();
  machine.root = { cancel: () => log.push("root cancel") > 0 };
  machine
    .add("a", state("a", { pointer: () => log.push("a pointer") > 0 }))
    .add("a/idle", state("a/idle"))
    .add("a/busy", state("a/busy", { pointer: () => false, cancel: () => log.push("busy cancel") > 0 }))
    .add("b", state("b"))
    .add("b/idle", state("b/idle"));
  return { machine, log };
}

describe("machine", () => {
  test("leaves inside first, enters outside first, and keeps what is around both", () => {
    const { machine, log } = traced();
    machine.go("a/idle");
    machine.go("a/busy");
    machine.go("b/idle");
    expect(log).toEqual(["+a", "+a/idle", "-a/idle", "+a/busy", "-a/busy", "-a", "+b", "+b/idle"]);
    expect(machine.path).toBe("b/idle");
  });

  test("what the innermost does not take goes outward, and at last to the root", () => {
    const { machine, log } = traced();
    machine.go("a/busy");
    log.length = 0;
    expect(machine.pointer(press)).toBe(true);
    const escapeKey = {
      kind: "down",
      key: "Escape",
      shift: false,
      alt: false,
      mod: false,
      repeat: false,
    } as const;
    machine.key(escapeKey);
    machine.go("a/idle");
    log.push("|");
    machine.key(escapeKey);
    expect(log).toEqual(["a pointer", "busy cancel", "-a/busy", "+a/idle", "|", "root cancel"]);
  });

  test("a state that leads on is told, and an unknown one is a fault", () => {
    const { machine } = traced();
    const seen: string[] = [];
    machine.subscribe((path) => seen.push(path));
    machine.go("b/idle");
    expect(seen).toEqual(["b/idle"]);
    expect(() => machine.go("c")).toThrow("no state c");
  });
});
