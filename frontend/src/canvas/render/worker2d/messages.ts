/** What is said between the page and the painting worker. */
import type { Columns } from "../../scene";
import type { ViewState } from "../../view";
import type { Style } from "../renderer";

/** Columns of some rows, in the order of `rows`; corners only for polygons. */
export interface RowsMessage extends Columns {
  readonly type: "rows";
  /** Row numbers; `null` means all rows from 0, and a fresh start. */
  readonly rows: Int32Array | null;
  readonly length: number;
  /** Row number and corners, of polygons among the rows. */
  readonly corners: readonly (readonly [number, Float32Array])[];
}

export type ToWorker =
  | RowsMessage
  | { readonly type: "styles"; readonly styles: readonly Style[] }
  | { readonly type: "hidden"; readonly rows: Int32Array }
  | {
      readonly type: "paint";
      readonly number: number;
      readonly view: ViewState;
      /** CSS pixels of the whole painted picture, overscan included, and how far it reaches beyond the canvas. */
      readonly width: number;
      readonly height: number;
      readonly overscan: number;
      readonly ratio: number;
    };

export interface Painted {
  readonly number: number;
  readonly view: ViewState;
  readonly overscan: number;
  readonly ratio: number;
  readonly bitmap: ImageBitmap;
  readonly regions: number;
}
