/** Which number a label's look has in the renderers, and the colours behind the numbers. */
import type { Style } from "./render/renderer";

export type Rgb = readonly [number, number, number];

/** A drawing control as the canvas needs it; what the configuration does not say has the tag's default. */
export interface ImageControl {
  readonly name: string;
  /** The result type it writes: `rectanglelabels`, `polygon` … */
  readonly type: string;
  readonly opacity?: number;
  /** Width of outlines in screen pixels; of a brush, its own width in image pixels. */
  readonly strokeWidth?: number;
  /** Any CSS colour; for shapes without a label. */
  readonly strokeColor?: string;
  readonly canRotate?: boolean;
  readonly snap?: "none" | "pixel";
  readonly vector?: VectorRules;
  readonly wand?: WandRules;
}

export interface WandRules {
  /** How much a channel may differ to begin with, of 255. */
  readonly threshold: number;
  /** By how many pixels borders are rounded off. */
  readonly smooth: number;
}

export interface VectorRules {
  readonly closable: boolean;
  readonly curves: boolean;
  /** Paths may branch. */
  readonly skeleton: boolean;
  /** How many points there must be, and may be. */
  readonly least: number;
  readonly most: number | undefined;
}

/** A label as it looks. `control` is the name of the control it belongs to. */
export interface LabelLook {
  readonly control: string;
  /** As stored in results. */
  readonly value: string;
  /** As shown; the value when absent. */
  readonly title?: string;
  readonly color: string;
  readonly hidden?: boolean;
}

/** Lines thinner than this get lost on photographs. */
const LEAST_STROKE = 2;
const MOST_STROKE = 15;
const DEFAULT_OPACITY = 0.2;
const PLAIN: Rgb = [122, 134, 153];

export class StyleTable {
  readonly styles: Style[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly titles = new Map<string, string>();

  constructor(controls: readonly ImageControl[], labels: readonly LabelLook[]) {
    this.styles.push(styleOf(PLAIN, undefined));
    for (const control of controls) {
      this.add(`${control.name}\n`, styleOf(rgbOf(control.strokeColor) ?? PLAIN, control));
    }
    const byName = new Map(controls.map((control) => [control.name, control]));
    for (const label of labels) {
      const style = styleOf(rgbOf(label.color) ?? PLAIN, byName.get(label.control));
      this.add(
        `${label.control}\n${label.value}`,
        label.hidden === true ? { ...style, hidden: true } : style,
      );
      this.titles.set(`${label.control}\n${label.value}`, label.title ?? label.value);
    }
  }

  /** Gives the number of a label's look; of the control's plain look without one. */
  numberOf(control: string | undefined, label: string | undefined): number {
    return this.numbers.get(`${control}\n${label ?? ""}`) ?? this.numbers.get(`${control}\n`) ?? 0;
  }

  titleOf(control: string | undefined, label: string): string {
    return this.titles.get(`${control}\n${label}`) ?? label;
  }

  at(number: number): Style {
    return this.styles[number] ?? (this.styles[0] as Style);
  }

  private add(key: string, style: Style): void {
    this.numbers.set(key, this.styles.push(style) - 1);
  }
}

function styleOf(color: Rgb, control: ImageControl | undefined): Style {
  const isBrush = control?.type.startsWith("brush") === true;
  const wanted = isBrush ? LEAST_STROKE : (control?.strokeWidth ?? LEAST_STROKE);
  const strokeWidth = Math.min(MOST_STROKE, Math.max(LEAST_STROKE, wanted));
  return { color, strokeWidth, fillOpacity: control?.opacity ?? DEFAULT_OPACITY };
}

let probe: CanvasRenderingContext2D | null | undefined;

/** Gives a CSS colour as red, green and blue; nothing for what is no colour. Hex is read without a browser. */
export function rgbOf(color: string | undefined): Rgb | undefined {
  if (color === undefined) return undefined;
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(color.trim())?.[1];
  if (hex !== undefined) {
    const long = hex.length === 3 ? [...hex].map((digit) => digit + digit).join("") : hex;
    return [0, 2, 4].map((at) => Number.parseInt(long.slice(at, at + 2), 16)) as unknown as Rgb;
  }
  probe ??= typeof document === "undefined" ? null : document.createElement("canvas").getContext("2d");
  if (probe === null) return undefined;
  probe.fillStyle = "#010203";
  probe.fillStyle = color;
  const known = String(probe.fillStyle);
  if (known.startsWith("#")) return known === "#010203" ? undefined : rgbOf(known);
  const parts = known.match(/[\d.]+/g)?.map(Number) ?? [];
  return parts.length >= 3 ? [parts[0] as number, parts[1] as number, parts[2] as number] : undefined;
}
