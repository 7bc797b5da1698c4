/** A page with nothing but the image editor, for tests and for looking at it. Query: renderer, kind, count, relations, width, height, address (as JSON). */
import { createImageEditor } from "../../../src/canvas/editor";
import { loadRenderer } from "../../../src/canvas/render/load";
import { PictureArrows } from "../../../src/pages/label/relations/pictureArrows";
import { Annotation } from "../../../src/store/annotation";
import { word } from "../../../src/tags/_contract/words";
import { imageShapes } from "../../../src/tags/Image/shapes";
import { guardPage } from "../../../src/trust";
import { controls, labels, picture, regions, related } from "./scenes";
import "../../../src/pages/label/relations/relations.css";

guardPage();
const query = new URLSearchParams(location.search);
const number = (name: string, fallback: number) => Number(query.get(name) ?? fallback);
let made = 0;
const annotation = new Annotation(regions((query.get("kind") ?? "mix") as "mix", number("count", 0)), {
  newId: () => `n${made++}`,
});
const editor = createImageEditor(document.getElementById("host") as HTMLElement, {
  annotation,
  codecs: imageShapes,
  object: "img",
  url:
    JSON.parse(query.get("address") ?? "null") ??
    (await picture(number("width", 1600), number("height", 1200))),
  controls,
  say: word,
  labels,
  renderer: await loadRenderer(),
  crosshair: query.has("crosshair"),
  active: { control: "box", labels: ["Car"] },
});

// Tests take any tool up at once.
await editor.fetchTools();

// Arrows are fetched with the first relation: without one there are none.
const count = number("relations", 0);
const chosen: (number | null)[] = [];
const arrows =
  count === 0
    ? undefined
    : new PictureArrows(editor, {
        free: () => true,
        chosen: (slot) => chosen.push(slot),
        pointed: () => undefined,
      });
arrows?.set(related(annotation.document.regionKeys(), count));

Object.assign(window, {
  __skylabel: {
    editor,
    annotation,
    arrows: arrows?.counts,
    chosen,
    inspect: () => editor.inspect(),
    results: () => annotation.document.results(),
  },
});
