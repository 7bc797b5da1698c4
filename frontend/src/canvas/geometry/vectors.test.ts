import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cornerInserted, cornerMoved, cornerRemoved } from "./corners";
import { hits, moved, shapeBounds, turned } from "./shapes";
import { handleMoved, outlineOf, type Vector, vertexInserted, vertexRemoved } from "./vectors";

const line: Vector = {
  kind: "vector",
  closed: false,
  vertices: [
    { id: "a", x: 0, y: 0, prev: null },
    { id: "b", x: 10, y: 0, prev: "a" },
    { id: "c", x: 10, y: 10, prev: "b" },
  ],
};
/** A tree: two branches hang on b. */
const fork: Vector = { ...line, vertices: [...line.vertices, { id: "d", x: 20, y: 0, prev: "b" }] };
const places = (vector: Vector) => outlineOf(vector).map(({ x, y }) => `${x},${y}`);
const links = (vector: Vector) => vector.vertices.map(({ id, prev }) => `${prev ?? "-"}${id}`);

describe("the outline of a vector", () => {
  test("goes from point to point, and back where the path branches", () => {
    expect(places(line)).toEqual(["0,0", "10,0", "10,10"]);
    expect(places(fork)).toEqual(["0,0", "10,0", "10,10", "10,0", "20,0"]);
  });

  test("follows a curve, and closes when the path is closed", () => {
    const curved = handleMoved(line, 1, "c2", { x: 15, y: 0 }, true);
    expect(outlineOf(curved).length).toBe(2 + 16);
    expect(shapeBounds(curved).maxX).toBeGreaterThan(10);
    const closed = { ...line, closed: true };
    expect(hits(closed, { x: 7, y: 3 }, 0)).toBe(true);
    expect(hits(line, { x: 7, y: 3 }, 1)).toBe(false);
    expect(hits(line, { x: 5, y: 0.5 }, 1)).toBe(true);
  });

  test("ends for paths that hang on nothing or on themselves", () => {
    const odd: Vector = {
      ...line,
      vertices: [
        { id: "a", x: 0, y: 0, prev: "gone" },
        { id: "b", x: 1, y: 1, prev: "b" },
        { id: "c", x: 2, y: 2, prev: "a" },
      ],
    };
    expect(outlineOf(odd).length).toBeGreaterThan(0);
  });
});

describe("changing a vector", () => {
  test("a point put in is hung between its neighbours; one taken out leaves them joined", () => {
    const more = vertexInserted(fork, 2, "n");
    expect(links(more)).toEqual(["-a", "ab", "bn", "nc", "bd"]);
    expect(links(vertexRemoved(more, 1))).toEqual(["-a", "an", "nc", "ad"]);
    expect(links(vertexRemoved(line, 0))).toEqual(["-b", "bc"]);
    const [root] = vertexRemoved({ ...fork, vertices: fork.vertices.slice(1) }, 0).vertices;
    expect(root?.prev).toBe("a");
  });

  test("handles go with their point, and the one across stays in line", () => {
    const curved = handleMoved(line, 1, "c2", { x: 14, y: 3 }, false);
    expect(curved.vertices[1]).toMatchObject({ c1: { x: 6, y: -3 }, c2: { x: 14, y: 3 } });
    expect(cornerMoved(curved, 1, { x: 11, y: 1 })).toMatchObject({
      vertices: [{}, { x: 11, y: 1, c1: { x: 7, y: -2 }, c2: { x: 15, y: 4 } }, {}],
    });
    expect(handleMoved(curved, 1, "c1", { x: 0, y: 0 }, true).vertices[1]?.c2).toEqual({ x: 14, y: 3 });
  });

  test("moved and turned there and back, it is what it was", () => {
    fc.assert(
      fc.property(fc.integer({ min: -99, max: 99 }), fc.integer({ min: -99, max: 99 }), (x, y) => {
        expect(moved(moved(fork, { x, y }), { x: -x, y: -y })).toEqual(fork);
        expect(turned(turned(fork, 90), 270)).toEqual(fork);
      }),
    );
  });

  test("polygons are changed in the same words", () => {
    const polygon = {
      kind: "polygon",
      closed: true,
      points: line.vertices.map(({ x, y }) => ({ x, y })),
    } as const;
    expect(cornerInserted(polygon, 3, "")).toMatchObject({ points: { length: 4, 3: { x: 5, y: 5 } } });
    expect(cornerRemoved(polygon, 0)).toMatchObject({ points: { length: 2 } });
  });
});
