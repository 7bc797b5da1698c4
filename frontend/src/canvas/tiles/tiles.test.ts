import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isTileAddress, isTiled, type TileAddress } from "./address";
import { deepZoomPyramid, mapPyramid, type Pyramid, servicePyramid } from "./pyramid";
import { TiledPicture } from "./tiled";

const map: TileAddress = { tiles: "/t/{z}/{x}/{y}.png", width: 30_000, height: 20_000 };

describe("an Image's value", () => {
  it.each([
    ["/a.png", false],
    ["/slide.dzi", true],
    ["https://iiif.example/a/info.json?v=2", true],
    [map, true],
  ] as const)("%j comes in tiles: %s", (value, tiled) => expect(isTiled(value)).toBe(tiled));

  it.each([
    [map, true],
    [{ ...map, tileSize: 512, maxZoom: 6 }, true],
    [{ ...map, tiles: "/t/{z}/{x}.png" }, false],
    [{ ...map, width: 0 }, false],
    [{ ...map, height: "20000" }, false],
    [{ ...map, tileSize: -1 }, false],
    ["/a.png", false],
    [null, false],
  ])("%j says a pyramid: %s", (value, says) => expect(isTileAddress(value)).toBe(says));
});

const xml = (width: number, height: number) =>
  `<?xml version="1.0"?><Image xmlns="http://schemas.microsoft.com/deepzoom/2008" TileSize="254" Overlap="1" Format="jpeg"><Size Width="${width}" Height="${height}"/></Image>`;
const info = (width: number, height: number, id: object = { "@id": "https://i.example/a" }) => ({
  ...id,
  width,
  height,
  tiles: [{ width: 512, scaleFactors: [1, 2, 4, 8] }],
});

describe("a pyramid", () => {
  it("of a map doubles from one tile to the picture's own pixels", () => {
    const { levels } = mapPyramid(map);

    expect(levels.map(({ columns, rows }) => [columns, rows]).slice(0, 2)).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(levels.at(-1)).toMatchObject({ scale: 1, columns: 118, rows: 79 });
    expect(levels.at(-1)?.tile(117, 78)).toEqual({ url: "/t/7/117/78.png", x: 29_952, y: 19_968 });
  });

  it("of Deep Zoom counts its levels from one pixel, with an overlap", () => {
    const { levels, size } = deepZoomPyramid(xml(1000, 600), "https://t.example/a.dzi?sig=1");

    expect(size).toEqual({ width: 1000, height: 600 });
    expect(levels.length).toBe(11);
    expect(levels[10]?.tile(1, 0)).toEqual({
      url: "https://t.example/a_files/10/1_0.jpeg?sig=1",
      x: 253,
      y: 0,
      width: 256,
      height: 255,
    });
  });

  it("of an image service asks for regions at a size, as its version writes it", () => {
    const second = servicePyramid(info(1000, 600), "https://i.example/a/info.json");
    const third = servicePyramid(info(1000, 600, { id: "https://i.example/a" }), "");

    expect(second.levels.at(-2)?.tile(0, 0).url).toBe("https://i.example/a/0,0,1000,600/500,/0/default.jpg");
    expect(third.levels.at(-1)?.tile(1, 1).url).toBe(
      "https://i.example/a/512,512,488,88/488,88/0/default.jpg",
    );
  });

  it.each([
    () => deepZoomPyramid("<Image/>", "/a.dzi"),
    () => servicePyramid({ width: 5, height: 5 }, "/a/info.json"),
  ])("that is not described is refused", (read) => expect(read).toThrow("tilesUnread"));

  it("of any size leaves no pixel without a tile, and puts none beside its place", () => {
    const side = fc.integer({ min: 1, max: 40_000 });
    fc.assert(
      fc.property(side, side, fc.double({ min: 0, max: 1, noNaN: true }), (width, height, share) => {
        const all: readonly Pyramid[] = [
          mapPyramid({ ...map, width, height }),
          deepZoomPyramid(xml(width, height), "/a.dzi"),
          servicePyramid(info(width, height), "/a/info.json"),
        ];
        for (const { levels } of all)
          for (const { step, tile, columns, rows, scale } of levels) {
            const [x, y] = [Math.floor(share * (width - 1)), Math.floor(share * (height - 1))];
            const [column, row] = [Math.floor(x / step.x), Math.floor(y / step.y)];
            expect(column).toBeLessThan(columns);
            expect(row).toBeLessThan(rows);
            const place = tile(column, row);
            const [right, bottom] = [place.width ?? step.x, place.height ?? step.y];
            expect(place.x).toBeLessThanOrEqual(x);
            expect(place.x + right).toBeGreaterThanOrEqual(Math.min(x + 1, width) - 1 / scale);
            expect(place.y + bottom).toBeGreaterThanOrEqual(Math.min(y + 1, height) - 1 / scale);
          }
      }),
      { numRuns: 40 },
    );
  });
});

/** A canvas that draws nothing and a server that answers when told to. */
function desk(side: number) {
  const asked: { url: string; answer: () => void; fail: () => void; signal: AbortSignal }[] = [];
  let closed = 0;
  const bitmap = () => ({ width: side, height: side, close: () => (closed += 1) }) as unknown as ImageBitmap;
  const picture = new TiledPicture(
    mapPyramid(map),
    (url, signal) =>
      new Promise((done, failed) =>
        asked.push({ url, signal, answer: () => done(bitmap()), fail: () => failed(new Error("gone")) }),
      ),
  );
  const nothing = () => undefined;
  const ctx = {
    canvas: { width: 1280, height: 800 },
    ...Object.fromEntries(
      ["setTransform", "clearRect", "save", "restore", "beginPath", "rect", "clip", "drawImage"].map(
        (name) => [name, nothing],
      ),
    ),
  } as unknown as CanvasRenderingContext2D;
  const look = (scale: number, x: number, y: number) =>
    picture.draw(ctx, { scale, x: -x * scale, y: -y * scale, rotation: 0 }, { width: 1280, height: 800 }, 1);
  const settle = async () => {
    for (let turn = 0; turn < 400; turn += 1) {
      for (const one of asked.splice(0)) one.answer();
      await Promise.resolve();
      await Promise.resolve();
    }
  };
  return { picture, asked, look, settle, closed: () => closed };
}

describe("a picture in tiles", () => {
  it("asks for what is in sight alone, six at once, the ground and the middle first", async () => {
    const { picture, asked, look, settle } = desk(256);

    look(1, 12_000, 9_000);

    expect(asked.length).toBe(6);
    expect(asked[0]?.url).toBe("/t/0/0/0.png");
    expect(asked[1]?.url).toBe("/t/7/49/36.png");
    await settle();
    // 1280 by 800 pixels of 256 each, and the ground.
    expect(picture.counters.tilesAsked).toBeLessThanOrEqual(6 * 5 + 1);
    expect(look(1, 12_000, 9_000)).toBe(picture.counters.tilesHeld - 1);
  });

  it("calls off what is out of sight again", () => {
    const { asked, look } = desk(256);
    look(1, 1_000, 1_000);
    const before = asked.slice();

    look(1, 20_000, 15_000);

    expect(before.filter(({ signal }) => signal.aborted).map(({ url }) => url)).toEqual(
      before.slice(1).map(({ url }) => url),
    );
  });

  it("shows a coarser tile until a sharp one is here", async () => {
    const { look, settle } = desk(256);
    look(0.005, 0, 0);
    await settle();

    expect(look(1, 12_000, 9_000)).toBe(1);
  });

  it("holds no more than its limit, wherever one goes, and lets go of all at the end", async () => {
    const { picture, look, settle, closed } = desk(1024);
    for (let at = 0; at < 20; at += 1) {
      look(1, at * 1_300, at * 900);
      await settle();
      expect(picture.counters.bitmapBytes).toBeLessThanOrEqual(256 * 1048576);
    }
    expect(closed()).toBeGreaterThan(0);

    const { tilesHeld } = picture.counters;
    const before = closed();
    picture.close();

    expect(closed() - before).toBe(tilesHeld);
    expect(picture.counters.bitmapBytes).toBe(0);
  });

  it("asks twice for a tile that cannot be had, and no more", async () => {
    const { picture, asked, look } = desk(256);
    for (let frame = 0; frame < 10; frame += 1) {
      look(0.005, 0, 0);
      for (const one of asked.splice(0)) one.fail();
      await Promise.resolve();
      await Promise.resolve();
    }

    expect(picture.counters).toMatchObject({ tilesAsked: 2, tilesFailed: 1, tilesHeld: 0 });
  });
});
