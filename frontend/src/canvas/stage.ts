/** The elements an image editor stands on: two canvases one over the other, a live region, a message. */
import type { Size } from "./geometry/points";

const CSS = `
.sl-stage { position: relative; width: 100%; height: 100%; overflow: hidden; touch-action: none; user-select: none;
  background: var(--canvas-background, #4a4e55); outline: none; -webkit-user-select: none; }
.sl-stage:focus-visible { box-shadow: inset 0 0 0 2px var(--accent, #1668e3); }
.sl-stage > canvas { position: absolute; inset: 0; width: 100%; height: 100%; }
.sl-live { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.sl-message { position: absolute; inset: 0; display: grid; place-content: center; padding: 24px; color: #fff;
  font: 13px/20px Inter, system-ui, sans-serif; text-align: center; overflow-wrap: anywhere; pointer-events: none; }
.sl-message:empty { display: none; }
`;

export interface Stage {
  readonly element: HTMLElement;
  readonly imageCanvas: HTMLCanvasElement;
  readonly masksCanvas: HTMLCanvasElement;
  readonly regionsCanvas: HTMLCanvasElement;
  /** The cursor of the tool at work. */
  setCursor(cursor: string): void;
  /** A cursor that stands above the tool's while something else goes on; `undefined` gives it back. */
  overrideCursor(cursor: string | undefined): void;
  announce(message: string): void;
  /** Shows a message in place of the picture; empty takes it away. */
  message(text: string): void;
  /** Says in `data-size` how large the picture is that is there to be drawn on; nothing while there is none. */
  tellSize(size: Size | undefined): void;
  remove(): void;
}

export function makeStage(host: HTMLElement, name: string): Stage {
  const root = host.ownerDocument;
  const element = root.createElement("div");
  element.className = "sl-stage";
  element.tabIndex = 0;
  element.setAttribute("role", "application");
  element.setAttribute("aria-roledescription", "image canvas");
  element.setAttribute("aria-label", name);
  const style = root.createElement("style");
  style.textContent = CSS;
  const canvas = () => root.createElement("canvas");
  const [imageCanvas, masksCanvas, regionsCanvas] = [canvas(), canvas(), canvas()];
  const [live, messageNode] = [root.createElement("div"), root.createElement("div")];
  live.className = "sl-live";
  live.setAttribute("aria-live", "polite");
  messageNode.className = "sl-message";
  element.append(style, imageCanvas, masksCanvas, regionsCanvas, messageNode, live);
  host.append(element);
  let own = "default";
  let override: string | undefined;
  const apply = () => {
    element.style.cursor = override ?? own;
  };
  return {
    element,
    imageCanvas,
    masksCanvas,
    regionsCanvas,
    setCursor: (cursor) => {
      own = cursor;
      apply();
    },
    overrideCursor: (cursor) => {
      override = cursor;
      apply();
    },
    announce: (message) => {
      live.textContent = message;
    },
    message: (text) => {
      messageNode.textContent = text;
    },
    tellSize: (size) => {
      element.dataset.size = size ? `${size.width} ${size.height}` : "";
    },
    remove: () => element.remove(),
  };
}
