/** The painting worker: keeps a copy of the scene's columns and paints it when asked, one picture at a time. */
import { GEOMETRY } from "../../scene";
import { visibleBounds } from "../../view";
import type { Style } from "../renderer";
import type { Painted, RowsMessage, ToWorker } from "./messages";
import { paint } from "./paint";

const scene = {
  length: 0,
  kind: new Uint8Array(0),
  geometry: new Float32Array(0),
  bounds: new Float32Array(0),
  style: new Uint16Array(0),
  flags: new Uint8Array(0),
  corners: [] as (Float32Array | undefined)[],
};
let styles: readonly Style[] = [];
let hidden: ReadonlySet<number> = new Set();
let canvas: OffscreenCanvas | undefined;

function takeRows(message: RowsMessage): void {
  if (message.rows === null) {
    const { length, kind, geometry, bounds, style, flags } = message;
    Object.assign(scene, { length, kind, geometry, bounds, style, flags, corners: new Array(length) });
  } else {
    reserve(message.length);
    message.rows.forEach((row, i) => {
      scene.kind[row] = message.kind[i] as number;
      scene.style[row] = message.style[i] as number;
      scene.flags[row] = message.flags[i] as number;
      scene.geometry.set(message.geometry.subarray(i * GEOMETRY, (i + 1) * GEOMETRY), row * GEOMETRY);
      scene.bounds.set(message.bounds.subarray(i * 4, (i + 1) * 4), row * 4);
      scene.corners[row] = undefined;
    });
  }
  for (const [row, corners] of message.corners) scene.corners[row] = corners;
}

function reserve(length: number): void {
  scene.length = Math.max(scene.length, length);
  if (length <= scene.kind.length) return;
  const capacity = Math.max(length, scene.kind.length * 2);
  const grown = {
    kind: new Uint8Array(capacity),
    geometry: new Float32Array(capacity * GEOMETRY),
    bounds: new Float32Array(capacity * 4),
    style: new Uint16Array(capacity),
    flags: new Uint8Array(capacity),
  };
  for (const name of ["kind", "geometry", "bounds", "style", "flags"] as const) grown[name].set(scene[name]);
  Object.assign(scene, grown);
}

function paintPicture(message: Extract<ToWorker, { type: "paint" }>): void {
  const { number, view, width, height, overscan, ratio } = message;
  const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas?.width !== w || canvas.height !== h) canvas = new OffscreenCanvas(w, h);
  const ctx = canvas.getContext("2d");
  if (ctx === null) return;
  ctx.clearRect(0, 0, w, h);
  const shifted = { ...view, x: view.x + overscan, y: view.y + overscan };
  const visible = visibleBounds(shifted, { width, height });
  const regions = paint(ctx, { scene, styles, hidden, view: shifted, ratio, visible });
  const painted: Painted = { number, view, overscan, ratio, regions, bitmap: canvas.transferToImageBitmap() };
  (postMessage as (message: Painted, transfer: Transferable[]) => void)(painted, [painted.bitmap]);
}

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  switch (data.type) {
    case "rows":
      takeRows(data);
      break;
    case "styles":
      styles = data.styles;
      break;
    case "hidden":
      hidden = new Set(data.rows);
      break;
    case "paint":
      paintPicture(data);
      break;
  }
});
