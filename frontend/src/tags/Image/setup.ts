/** What a configuration says about one Image, as the image editor takes it. */

import type { Active } from "../../canvas/regions";
import type { ImageControl, LabelLook, VectorRules, WandRules } from "../../canvas/styles";
import { isTileAddress, type PictureAddress } from "../../canvas/tiles/address";
import type { ToolName } from "../../canvas/tools/tools";
import type { Quarter } from "../../canvas/view";
import { readAttribute, readFlag, readText } from "../../config/attributes";
import { flattenItems, itemsOf } from "../../config/items";
import type { JsonObject } from "../../config/json";
import { objectOf } from "../../config/results";
import { controlsOf, type TagNode } from "../../config/tree";
import type { TagHost } from "../_contract/contract";
import { imageShapes } from "./shapes";

const quarters: readonly Quarter[] = [0, 90, 180, 270];

const TOOLS: Readonly<Record<string, ToolName>> = {
  rect: "box",
  ellipse: "ellipse",
  polygon: "polygon",
  point: "point",
  mask: "brush",
  vector: "vector",
};

/** A control that draws on the Image, and the tool that does it. */
export interface Drawer {
  readonly node: TagNode;
  readonly name: string;
  readonly tool: ToolName;
  readonly hasLabels: boolean;
  readonly allowEmpty: boolean;
}

/** Gives the controls that draw on an Image, in the order of the configuration. */
export function drawersOf(host: TagHost, image: TagNode): Drawer[] {
  return controlsOn(host, image).flatMap((node) => {
    const type = node.type.toLowerCase();
    const kind = imageShapes.drawn(type) ? imageShapes.of(type, undefined)?.kind : undefined;
    const tool = kind === undefined ? undefined : node.type === "MagicWand" ? "wand" : TOOLS[kind];
    if (tool === undefined || node.name === null || readFlag(node, "smartOnly")) return [];
    const hasLabels = node.schema?.hasLabels === true;
    return [
      { node, name: node.name, tool, hasLabels, allowEmpty: hasLabels && readFlag(node, "allowEmpty") },
    ];
  });
}

/** Gives the Labels that lends its labels to unlabelled tools. */
export function labelListOf(host: TagHost, image: TagNode): TagNode | undefined {
  return controlsOn(host, image).find((node) => node.type === "Labels");
}

export function editorControls(host: TagHost, drawers: readonly Drawer[]): ImageControl[] {
  return drawers.map(({ node, name }) => ({
    name,
    type: node.type.toLowerCase(),
    opacity: numberOf(node, "opacity", host.data, 0.2),
    strokeWidth: numberOf(node, "strokeWidth", host.data, 1),
    strokeColor: readText(node, "strokeColor", host.data),
    canRotate: readAttribute(node, "canRotate", host.data) !== false,
    snap: readText(node, "snap", host.data) === "pixel" ? "pixel" : "none",
    ...(node.type === "MagicWand" ? { wand: wandRules(host, node) } : {}),
    ...(/^Vector/.test(node.type) ? { vector: vectorRules(host, node) } : {}),
  }));
}

function wandRules(host: TagHost, node: TagNode): WandRules {
  return {
    threshold: numberOf(node, "defaultthreshold", host.data, 15),
    smooth: numberOf(node, "blurradius", host.data, 5),
  };
}

function vectorRules(host: TagHost, node: TagNode): VectorRules {
  const most = numberOf(node, "maxPoints", host.data, 0);
  return {
    closable: readFlag(node, "closable"),
    curves: readFlag(node, "curves"),
    skeleton: readFlag(node, "skeleton"),
    least: numberOf(node, "minPoints", host.data, 2),
    most: most > 0 ? most : undefined,
  };
}

export function editorLabels(host: TagHost, image: TagNode): LabelLook[] {
  const object = image.name ?? "";
  const offered = controlsOn(host, image)
    .filter((node) => node.schema?.hasLabels === true && node.name !== null)
    .flatMap((node) =>
      flattenItems(itemsOf(node, host.data)).map((item) => ({
        control: node.name ?? "",
        value: item.stored,
        title: host.labelTitle(item.stored, object),
        color: host.labelColor(item.stored, object),
      })),
    );
  return [...offered, ...(host.moreLooks?.(object) ?? [])];
}

/** Gives who draws with a tool now and with which labels; nothing while a label has still to be picked. Tracked. */
export function activeFor(
  host: TagHost,
  drawers: readonly Drawer[],
  list: TagNode | undefined,
  tool: ToolName,
): Active | undefined {
  // The eraser is the brush the other way round.
  const able = drawers.filter((drawer) => drawer.tool === (tool === "erase" ? "brush" : tool));
  const labelled = able.find((drawer) => drawer.hasLabels && host.activeLabels(drawer.node).length > 0);
  if (labelled !== undefined) return { control: labelled.name, labels: host.activeLabels(labelled.node) };
  const plain = able.find((drawer) => !drawer.hasLabels);
  // The wand beside painted labels makes regions of theirs.
  const painted = tool === "wand" && list === undefined ? activeFor(host, drawers, list, "brush") : undefined;
  if (painted !== undefined && painted.labels.length > 0) return painted;
  if (plain !== undefined) {
    const labels = list === undefined ? [] : host.activeLabels(list);
    return { control: plain.name, labels, ...(list?.name ? { labelsControl: list.name } : {}) };
  }
  const empty = able.find((drawer) => drawer.allowEmpty);
  return empty === undefined ? undefined : { control: empty.name, labels: [] };
}

/** Gives the addresses of an Image's pages; one for a plain Image. A page may come in tiles. */
export function pagesOf(
  host: TagHost,
  image: TagNode,
): { readonly urls: readonly PictureAddress[]; readonly paged: boolean } {
  const list = host.attribute(image, "valueList");
  const value = host.attribute(image, "value");
  const paged = Array.isArray(list) ? list : Array.isArray(value) ? value : undefined;
  const addressOf = (one: unknown): PictureAddress => (isTileAddress(one) ? one : String(one));
  if (paged !== undefined) return { urls: paged.map(addressOf), paged: true };
  const isPicture = isTileAddress(value) || (typeof value === "string" && value !== "");
  return { urls: isPicture ? [addressOf(value)] : [], paged: false };
}

/** Gives how the picture lay when the results on it were made: the first that says so counts. */
export function storedRotation(host: TagHost, object: string, item: number): Quarter {
  const turned = host
    .results({ to: object, item })
    .find((result) => result.image_rotation !== undefined)?.image_rotation;
  return quarters.find((quarter) => quarter === turned) ?? 0;
}

function controlsOn(host: TagHost, image: TagNode): TagNode[] {
  return controlsOf(host.tree).filter((node) => objectOf(node, host.tree) === image);
}

function numberOf(node: TagNode, name: string, data: JsonObject, fallback: number): number {
  const value = Number(readAttribute(node, name, data));
  return Number.isFinite(value) ? value : fallback;
}
