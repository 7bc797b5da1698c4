/** The looks of the active layer. They stand with the layer, so that it looks right wherever it is mounted. */

const CSS = `
.sl-overlay { position: absolute; inset: 0; overflow: hidden; pointer-events: none; contain: strict; }
.sl-overlay svg { position: absolute; inset: 0; width: 100%; height: 100%; overflow: hidden; }
.sl-shape path { stroke-linejoin: round; }
.sl-halo { fill: none; stroke: none; }
.sl-selected .sl-halo { stroke: rgb(255 255 255 / .92); }
.sl-hover .sl-halo { stroke: rgb(255 255 255 / .55); }
.sl-point .sl-line { stroke-width: 1.75px; }
.sl-crowd { fill: rgb(255 255 255 / .18); stroke: #1668e3; stroke-width: 1.5px; }
.sl-handle { fill: #fff; stroke: #1668e3; stroke-width: 1.5px; }
.sl-edge { fill: rgb(255 255 255 / .75); stroke: #1668e3; stroke-width: 1px; }
.sl-curve { fill: #1668e3; stroke: #fff; stroke-width: 1px; }
.sl-hot { fill: #1668e3; stroke: #fff; }
.sl-lead { fill: none; stroke: #1668e3; stroke-width: 1.5px; stroke-dasharray: 4 3; }
.sl-closes { stroke: #12a150; stroke-width: 2px; stroke-dasharray: none; }
.sl-marquee { fill: rgb(22 104 227 / .10); stroke: #1668e3; stroke-width: 1px; }
.sl-guides { fill: none; stroke: #d6246e; stroke-width: 1px; }
.sl-crosshair { fill: none; stroke: rgb(255 255 255 / .85); stroke-width: 1px; mix-blend-mode: difference; }
.sl-brush { fill: rgb(255 255 255 / .12); stroke: #fff; stroke-width: 1.25px; filter: drop-shadow(0 0 1px rgb(0 0 0 / .8)); }
.sl-chip { position: absolute; left: 0; top: 0; padding: 1px 6px 2px; border-radius: 4px; max-width: 220px;
  font: 600 11px/15px Inter, system-ui, sans-serif; white-space: nowrap; overflow: hidden; text-overflow: ellipsis;
  box-shadow: 0 1px 2px rgb(0 0 0 / .25); will-change: transform; }
`;

export function overlayStyles(root: Document): HTMLStyleElement {
  const style = root.createElement("style");
  style.textContent = CSS;
  return style;
}
