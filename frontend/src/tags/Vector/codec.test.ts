import { describe, expect, test } from "vitest";
import { vertexMoved } from "../../canvas/geometry/vectors";
import { vectorCodec } from "./codec";
import fixture from "./fixtures/paths.json";

const size = { width: 640, height: 480 };
const value = fixture.result[0]?.value as never as Record<string, never>;

describe("the codec of vectors", () => {
  test("moving one point leaves the others, and keys nobody knows, as stored", () => {
    const shape = vectorCodec.read(value, size);
    if (shape === null) throw new Error("not read");
    const changes = vectorCodec.write(vertexMoved(shape, 1, { x: 64, y: 48 }), size, value);
    const stored = value.vertices as unknown as object[];
    const written = changes.vertices as unknown as object[];
    expect(Object.keys(changes)).toEqual(["vertices"]);
    expect(written[0]).toBe(stored[0]);
    expect(written[2]).toBe(stored[2]);
    expect(Object.keys(written[1] ?? {})).toEqual(Object.keys(stored[1] ?? {}));
    expect(written[1]).toMatchObject({ id: "b", x: 10, y: 10, isBezier: true, disconnected: true });
  });

  test("a new path says all there is to say", () => {
    const shape = vectorCodec.read(value, size);
    expect(shape && Object.keys(vectorCodec.write(shape, size))).toEqual(["closed", "vertices"]);
  });

  test.each([{}, { vertices: [] }, { vertices: [{ id: "a" }] }, { vertices: "a" }])("%j is none", (odd) =>
    expect(vectorCodec.read(odd as never, size)).toBeNull(),
  );
});
