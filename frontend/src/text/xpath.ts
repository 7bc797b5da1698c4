/**
 * Paths of nodes below a content root, in the form results carry: `/div[1]/p[2]/text()[1]`.
 *
 * Names are lower case, places count from 1 among siblings of the same name. Read by walking, not by the
 * browser's XPath, so that foreign paths can do nothing but point.
 */

/** The path of a node below `root`; "" for the root itself. */
export function pathOf(node: Node, root: Node): string {
  const steps: string[] = [];
  for (let at: Node | null = node; at && at !== root; at = at.parentNode) steps.push(stepOf(at));
  return steps
    .reverse()
    .map((step) => `/${step}`)
    .join("");
}

function stepOf(node: Node): string {
  const name = nameOf(node);
  let place = 1;
  for (let before = node.previousSibling; before; before = before.previousSibling)
    if (nameOf(before) === name) place++;
  return `${name}[${place}]`;
}

function nameOf(node: Node): string {
  return node.nodeType === Node.TEXT_NODE ? "text()" : node.nodeName.toLowerCase();
}

/** The node at a path, or null. A missing place means the first. */
export function nodeAt(path: string, root: Node): Node | null {
  let node: Node = root;
  for (const step of path.split("/")) {
    if (step === "" || step === ".") continue;
    const found = /^([\w:-]+(?:\(\))?)(?:\[(\d+)\])?$/.exec(step);
    const next = found?.[1] ? childAt(node, found[1].toLowerCase(), Number(found[2] ?? 1)) : null;
    if (!next) return null;
    node = next;
  }
  return node;
}

function childAt(parent: Node, name: string, place: number): Node | null {
  let left = place;
  for (let child = parent.firstChild; child; child = child.nextSibling)
    if (nameOf(child) === name && --left === 0) return child;
  return null;
}
