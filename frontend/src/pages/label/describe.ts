/** A region or item in a few words, for lists and screen readers. */
import type { JsonValue } from "../../config/json";
import type { HostRegion } from "../../tags/_contract/contract";
import { say } from "./words";

/** What a region holds: its text, else where it is. */
export function describeItem(region: HostRegion): string {
  const value = region.items[0]?.value ?? {};
  if (typeof value.text === "string") return value.text.replace(/\s+/g, " ").slice(0, 120);
  const transcription = region.items.find((item) => item.type === "textarea")?.value?.text;
  if (Array.isArray(transcription)) return transcription.join(" ").slice(0, 120);
  return describePlace(value);
}

/** Where a region is, in its own units: percent, seconds, characters. */
export function describePlace(value: Readonly<Record<string, JsonValue>>): string {
  const number = (key: string) => (typeof value[key] === "number" ? (value[key] as number) : null);
  const [x, y, width, height] = ["x", "y", "width", "height"].map(number);
  if (x !== null && y !== null && x !== undefined && y !== undefined) {
    const size = width !== null && height !== null && width !== undefined && height !== undefined;
    return size
      ? `${round(x)}, ${round(y)} · ${round(width)} × ${round(height)} %`
      : `${round(x)}, ${round(y)} %`;
  }
  if (Array.isArray(value.points)) return say("points", { count: value.points.length });
  if (Array.isArray(value.vertices)) return say("points", { count: value.vertices.length });
  const [start, end] = [number("start"), number("end")];
  if (start !== null && end !== null) return `${round(start)} – ${round(end)}`;
  return "";
}

const round = (value: number) => String(Math.round(value * 10) / 10);
