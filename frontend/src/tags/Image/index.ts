/** Image: a picture, or pages of pictures, to draw regions on. */
import { isTiled } from "../../canvas/tiles/address";
import { readAttribute, readText } from "../../config/attributes";
import { defineTag } from "../_contract/contract";

const side = (doc: string) => ({ type: "css", doc }) as const;

export default defineTag({
  name: "Image",
  role: "object",
  attrs: {
    name: { type: "name", required: true, doc: "Name by which controls refer to this picture." },
    value: { type: "value", doc: "Address of the picture or of its tiles, usually `$image`." },
    valueList: { type: "value", doc: "Addresses of several pictures, shown as pages." },
    width: { ...side("Width of the picture's area."), default: "100%" },
    maxWidth: { ...side("Largest width of the picture's area."), default: "100%" },
    height: side("Height of the picture's area."),
    maxHeight: side("Largest height of the picture's area."),
    zoom: { type: "boolean", default: true, doc: "Whether the wheel zooms." },
    negativeZoom: {
      type: "boolean",
      default: false,
      doc: "Whether the picture can be made smaller than fits.",
    },
    zoomBy: { type: "number", default: 1.1, min: 1, doc: "Factor of one zoom step." },
    zoomControl: { type: "boolean", default: true, doc: "Show buttons to zoom." },
    brightnessControl: { type: "boolean", default: false, doc: "Show a control for brightness." },
    contrastControl: { type: "boolean", default: false, doc: "Show a control for contrast." },
    rotateControl: { type: "boolean", default: false, doc: "Show buttons to turn the picture." },
    crosshair: { type: "boolean", default: false, doc: "Draw lines through the pointer across the picture." },
    selectionControl: { type: "boolean", default: true, doc: "Show the tool that selects regions." },
    grid: { type: "boolean", default: false, doc: "Lay a grid over the picture." },
    gridSize: { type: "number", default: 30, min: 1, doc: "Distance of grid lines in image pixels." },
    gridColor: { type: "color", default: "#EEEEF4", doc: "Colour of grid lines." },
    smoothing: { type: "boolean", doc: "Smooth pixels when zoomed in." },
    horizontalAlignment: {
      type: "enum",
      values: ["left", "center", "right"],
      default: "left",
      doc: "Where a picture narrower than its area lies.",
    },
    verticalAlignment: {
      type: "enum",
      values: ["top", "center", "bottom"],
      default: "top",
      doc: "Where a picture lower than its area lies.",
    },
    defaultZoom: {
      type: "enum",
      values: ["auto", "original", "fit"],
      default: "fit",
      doc: "Zoom to begin with.",
    },
    crossOrigin: {
      type: "enum",
      values: ["none", "anonymous", "use-credentials"],
      default: "none",
      doc: "How pictures of other origins are asked for; needed where pixels are read.",
    },
  },
  resultTypes: [],
  uses: ["canvas"],
  doc: "A picture to draw regions on.",
  sample: () => "/samples/image.jpg",
  media(node, data) {
    const list = readAttribute(node, "valueList", data);
    const value = Array.isArray(list) ? list[0] : readAttribute(node, "value", data);
    const url = Array.isArray(value) ? value[0] : value;
    return typeof url === "string" && url !== "" && !isTiled(url)
      ? [{ url, crossOrigin: readText(node, "crossOrigin", data) }]
      : [];
  },
  // What paints is fetched beside the view, not after it.
  load: async () => {
    const painter = import("../../canvas/render/load").then(({ loadRenderer }) => loadRenderer());
    const [{ default: view }] = await Promise.all([import("./view"), painter]);
    return { view };
  },
});
