/** Pictures and results to try the canvas with, the same every time for the same numbers. */
import type { ImageControl, LabelLook } from "../../../src/canvas/styles";
import type { ArrowPlan } from "../../../src/pages/label/relations/plan";
import type { ResultItem } from "../../../src/store/result";

export const controls: readonly ImageControl[] = [
  { name: "box", type: "rectanglelabels" },
  { name: "poly", type: "polygonlabels" },
  { name: "ell", type: "ellipselabels" },
  { name: "key", type: "keypointlabels" },
  { name: "brush", type: "brushlabels", strokeWidth: 40 },
  { name: "plain", type: "rectangle", strokeColor: "#f48a42" },
  { name: "pixel", type: "rectangle", snap: "pixel" },
];

const colors = [
  "#d93a3a",
  "#2f7fd1",
  "#2e9e4f",
  "#c77a00",
  "#8b4fd9",
  "#008f8a",
  "#d6418f",
  "#6c8a00",
  "#5565e0",
  "#b4562a",
];
const names = ["Car", "Person", "Tree", "Sign", "Bike", "Road", "Roof", "Dog", "Boat", "Nose"];

export const labels: readonly LabelLook[] = ["box", "poly", "ell", "key", "lab", "brush"].flatMap((control) =>
  names.map((value, i) => ({ control, value, color: colors[i] as string })),
);

/** A pseudo-random sequence (mulberry32): the same numbers on every machine. */
export function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Gives `count` boxes, polygons of 20 corners, or a mix of all kinds, spread over a picture. */
export function regions(kind: "boxes" | "polygons" | "mix", count: number): ResultItem[] {
  const random = sequence(7);
  const size = Math.max(0.6, Math.min(12, 200 / Math.sqrt(count)));
  return Array.from({ length: count }, (_, i) => {
    const shape = kind === "boxes" ? 0 : kind === "polygons" ? 1 : i % 4;
    const [x, y] = [random() * (100 - size), random() * (100 - size)];
    const label = [names[i % names.length] as string];
    const make = (type: string, from_name: string, value: ResultItem["value"]): ResultItem => ({
      id: `r${i}`,
      from_name,
      to_name: "img",
      type,
      origin: i % 7 === 3 ? "prediction" : "manual",
      original_width: 1600,
      original_height: 1200,
      image_rotation: 0,
      value: { ...value, [type]: label },
    });
    const [w, h] = [size * (0.4 + random() * 0.6), size * (0.4 + random() * 0.6)];
    if (shape === 0)
      return make("rectanglelabels", "box", { x, y, width: w, height: h, rotation: i % 5 === 0 ? 20 : 0 });
    if (shape === 1) {
      const points = Array.from({ length: 20 }, (__, k) => {
        const reach = (0.6 + random() * 0.4) / 2;
        const angle = (k / 20) * Math.PI * 2;
        return [x + w * (0.5 + reach * Math.cos(angle)), y + h * (0.5 + reach * Math.sin(angle))];
      });
      return make("polygonlabels", "poly", { points, closed: true });
    }
    if (shape === 2)
      return make("ellipselabels", "ell", {
        x: x + w / 2,
        y: y + h / 2,
        radiusX: w / 2,
        radiusY: h / 2,
        rotation: 30,
      });
    return make("keypointlabels", "key", { x, y, width: 0.4 });
  });
}

/** Gives so many arrows between regions here and there; one of ten touches region 5000, where there is one. */
export function related(keys: readonly string[], count: number): ArrowPlan<{ readonly id: string }>[] {
  const ends = keys.map((id) => ({ id }));
  const at = (i: number) => ends[i % ends.length] as { id: string };
  return Array.from({ length: count }, (_, i) => ({
    slot: keys.length + i,
    from: i % 10 === 0 ? at(5000) : at(i * 31),
    to: at(i * 31 + 97),
    direction: i % 3 === 0 ? "bi" : "right",
    label: i % 2 === 0 ? "near" : "",
    color: i % 5 === 0 ? colors[0] : undefined,
  }));
}

/** Gives the address of a drawn landscape. */
export async function picture(width: number, height: number): Promise<string> {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const ctx = canvas.getContext("2d") as CanvasRenderingContext2D;
  const sky = ctx.createLinearGradient(0, 0, 0, height);
  for (const [at, color] of [
    [0, "#86b6e8"],
    [0.55, "#e8eef2"],
    [0.56, "#7f9a6a"],
    [1, "#4d6a45"],
  ] as const)
    sky.addColorStop(at, color);
  ctx.fillStyle = sky;
  ctx.fillRect(0, 0, width, height);
  const random = sequence(3);
  for (let i = 0; i < 160; i += 1) {
    const y = height * (0.55 + random() * 0.45);
    const size = (y / height) ** 3 * width * 0.05;
    ctx.fillStyle = `hsl(${90 + random() * 60} 30% ${22 + random() * 30}%)`;
    ctx.beginPath();
    ctx.ellipse(random() * width, y, size, size * 1.4, 0, 0, Math.PI * 2);
    ctx.fill();
  }
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  return URL.createObjectURL(blob as Blob);
}
