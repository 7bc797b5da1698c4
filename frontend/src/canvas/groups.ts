/** Groups: regions that hang on one parent, as results say with `parentID`. They are picked and dragged as one. */
import type { Annotation, Edit } from "../store/annotation";
import type { AnnotationDocument } from "../store/document";

function parentOf(document: AnnotationDocument, key: string): string | undefined {
  const parent = document.items(key).find((item) => item.parentID !== undefined)?.parentID;
  return parent !== undefined && parent !== key && document.regions.has(parent) ? parent : undefined;
}

/** The region at the top of the group; imported results may go round in circles. */
function rootOf(document: AnnotationDocument, key: string): string {
  const seen = new Set([key]);
  let root = key;
  for (let parent = parentOf(document, key); parent !== undefined && !seen.has(parent); ) {
    seen.add(parent);
    root = parent;
    parent = parentOf(document, parent);
  }
  return root;
}

/** Gives all regions of the group a region is in, in document order; itself alone when it is in none. */
export function groupOf(document: AnnotationDocument, key: string): readonly string[] {
  const root = rootOf(document, key);
  const members = document.regionKeys().filter((other) => rootOf(document, other) === root);
  return members.length > 1 ? members : [key];
}

function setParent(edit: Edit, document: AnnotationDocument, key: string, parent: string | undefined): void {
  for (const slot of document.slots(key))
    if (document.item(slot)?.parentID !== parent) edit.change(slot, { parentID: parent });
}

/** Makes one group of regions, the first in the document at its top; gives whether anything changed. */
export function group(annotation: Annotation, keys: readonly string[]): boolean {
  const { document } = annotation;
  const chosen = new Set(keys);
  const [top, ...others] = document.regionKeys().filter((key) => chosen.has(key));
  if (top === undefined || others.length === 0) return false;
  return annotation.edit("group", (edit) => {
    setParent(edit, document, top, undefined);
    for (const key of others) setParent(edit, document, key, top);
  });
}

/** Takes the groups of these regions apart. */
export function ungroup(annotation: Annotation, keys: readonly string[]): boolean {
  const { document } = annotation;
  const members = new Set(keys.flatMap((key) => groupOf(document, key)));
  return annotation.edit("ungroup", (edit) => {
    for (const key of members) setParent(edit, document, key, undefined);
  });
}
