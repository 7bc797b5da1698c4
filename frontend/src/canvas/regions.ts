/**
 * Between the document and one picture: which regions are drawn on it, what they look like, and how a changed
 * shape is written back into every item that repeats its geometry.
 */
import type { Annotation, Edit } from "../store/annotation";
import { type Json, type ResultItem, withChanges, withValue } from "../store/result";
import type { ShapeCodec, ShapeCodecs } from "./codec";
import type { Point, Size } from "./geometry/points";
import { moved, type Shape, type ShapeKind } from "./geometry/shapes";
import { FLAG, type Look } from "./scene";
import type { ImageControl, StyleTable, WandRules } from "./styles";

export interface Labelled {
  readonly control: string | undefined;
  readonly labels: readonly string[];
}

/** Who draws next, and with which labels. `labelsControl` is the Labels that gives an unlabelled tool its labels. */
export interface Active {
  readonly control: string;
  readonly labels: readonly string[];
  readonly labelsControl?: string;
}

export interface RegionsOptions {
  readonly annotation: Annotation;
  readonly codecs: ShapeCodecs;
  /** Name of the Image. */
  readonly object: string;
  /** Page of the picture, when the Image has pages. */
  readonly item: number | undefined;
  readonly size: Size;
  readonly controls: readonly ImageControl[];
  readonly isHidden: (key: string) => boolean;
  readonly isLocked: (key: string) => boolean;
}

const PLAIN_WAND: WandRules = { threshold: 15, smooth: 5 };

export class ImageRegions {
  private readonly controls: ReadonlyMap<string, ImageControl>;

  constructor(private readonly options: RegionsOptions) {
    this.controls = new Map(options.controls.map((control) => [control.name, control]));
  }

  get size(): Size {
    return this.options.size;
  }

  /** Gives a region's shape exactly as its first drawn item says. */
  shapeOf(key: string): Shape | null {
    const item = this.drawnItem(key);
    return item?.value === undefined ? null : (this.codecOf(item)?.read(item.value, this.size) ?? null);
  }

  /** Gives what the scene shows of a region; null when nothing is. */
  look(key: string, styles: StyleTable): Look | null {
    const item = this.drawnItem(key);
    const shape =
      item?.value === undefined ? null : (this.codecOf(item)?.read(item.value, this.size) ?? null);
    if (item === undefined || shape === null) return null;
    const { control, labels } = this.labelled(key);
    const hidden = this.options.isHidden(key) || item.hidden === true ? FLAG.hidden : 0;
    const predicted = item.origin === "prediction" ? FLAG.predicted : 0;
    const locked = this.editable(key) ? 0 : FLAG.locked;
    return {
      shape,
      style: styles.numberOf(control ?? item.from_name, labels[0]),
      flags: hidden | predicted | locked,
    };
  }

  /** Gives a region's labels and the control they come from. */
  labelled(key: string): Labelled {
    for (const item of this.options.annotation.document.items(key)) {
      const labels = item.type?.endsWith("labels") === true ? item.value?.[item.type] : undefined;
      if (Array.isArray(labels)) return { control: item.from_name, labels: labels.map(String) };
    }
    return { control: undefined, labels: [] };
  }

  editable(key: string): boolean {
    const items = this.options.annotation.document.items(key);
    return (
      !this.options.isLocked(key) && !items.some((item) => item.readonly === true || item.locked === true)
    );
  }

  controlOf(key: string): ImageControl | undefined {
    return this.controls.get(this.drawnItem(key)?.from_name ?? "");
  }

  /** What the picture's wand goes by, whichever control its masks belong to. */
  get wandRules(): WandRules {
    return this.options.controls.find((control) => control.wand !== undefined)?.wand ?? PLAIN_WAND;
  }

  control(name: string): ImageControl | undefined {
    return this.controls.get(name);
  }

  /** Gives the kind a control draws. */
  kindOf(control: string): ShapeKind | undefined {
    const type = this.controls.get(control)?.type;
    return type === undefined ? undefined : this.options.codecs.of(type, undefined)?.kind;
  }

  /** Writes a shape into all items of a region that repeat its geometry; other keys stay as they are. */
  write(edit: Edit, key: string, shape: Shape): void {
    const { document } = this.options.annotation;
    for (const slot of document.slots(key)) {
      const item = document.item(slot);
      const codec = item === undefined ? undefined : this.codecOf(item);
      if (item?.value === undefined || codec === undefined || !this.isHere(item)) continue;
      if (codec.kind === shape.kind)
        edit.replace(slot, withValue(item, codec.write(shape, this.size, item.value)));
    }
  }

  /** Gives the items of a new region: one, or two when an unlabelled tool takes labels from a Labels control. */
  newItems(shape: Shape, active: Active, id: string, rotation: number): ResultItem[] {
    const control = this.controls.get(active.control);
    if (control === undefined) return [];
    const codec = this.options.codecs.of(control.type, undefined);
    if (codec?.kind !== shape.kind) return [];
    const geometry = codec.write(shape, this.size);
    const { object, item, size } = this.options;
    const item_index = item === undefined ? {} : { item_index: item };
    const make = (from: string, type: string, own: Record<string, Json>): ResultItem => ({
      original_width: size.width,
      original_height: size.height,
      image_rotation: rotation,
      ...item_index,
      value: { ...(geometry as Record<string, Json>), ...own },
      id,
      from_name: from,
      to_name: object,
      type,
      origin: "manual",
    });
    if (control.type.endsWith("labels"))
      return [make(control.name, control.type, { [control.type]: active.labels })];
    const first = make(control.name, control.type, {});
    if (active.labelsControl === undefined || active.labels.length === 0) return [first];
    return [first, make(active.labelsControl, "labels", { labels: active.labels })];
  }

  /** Gives copies of items as a region of another id, moved; they are manual, whatever the originals were. */
  copies(items: readonly ResultItem[], id: string, by: Point): ResultItem[] {
    const { item, object } = this.options;
    return items.map((original) => {
      const codec = this.options.codecs.of(original.type, original.value);
      const shape = original.value === undefined ? null : (codec?.read(original.value, this.size) ?? null);
      const value =
        shape === null || codec === undefined ? {} : codec.write(moved(shape, by), this.size, original.value);
      const page = item === undefined ? {} : { item_index: item };
      return withChanges(withValue(original, value), {
        id,
        origin: "manual",
        to_name: object,
        ...page,
        parentID: undefined,
        score: undefined,
        readonly: undefined,
        locked: undefined,
      });
    });
  }

  /** Gives the item that draws a region: one of a drawing tool, else one that repeats a geometry. */
  private drawnItem(key: string): ResultItem | undefined {
    const items = this.options.annotation.document.items(key).filter((item) => this.isHere(item));
    const drawn = items.find((item) => this.options.codecs.drawn(item.type));
    return drawn ?? items.find((item) => this.codecOf(item) !== undefined);
  }

  private codecOf(item: ResultItem): ShapeCodec | undefined {
    return this.options.codecs.of(item.type, item.value);
  }

  private isHere(item: ResultItem): boolean {
    const { object, item: page } = this.options;
    if (item.to_name !== object || item.value === undefined) return false;
    return page === undefined || (item.item_index ?? 0) === page;
  }
}
