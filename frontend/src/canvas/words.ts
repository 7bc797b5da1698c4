/** What the canvas says to people. Which language it says it in is the business of whoever shows it. */

export type CanvasWord =
  | "regionOf"
  | "regionsGone"
  | "regionsCopied"
  | "selectPainted"
  | "leastCorners"
  | "cornerOf"
  | "pointAt"
  | "boxAt"
  | "pictureLost"
  | "tilesUnread";

/** Gives the sentence of that name, with its holes filled. */
export type CanvasSpeaker = (key: CanvasWord, values: Readonly<Record<string, string | number>>) => string;

/** Raised when a picture cannot be shown; says why in the language of the page. */
export class PictureError extends Error {
  override readonly name = "PictureError";

  constructor(
    readonly word: CanvasWord,
    readonly values: Readonly<Record<string, string | number>> = {},
  ) {
    super(word);
  }
}
