/**
 * Which rows lie near a point or in a rectangle: a static R-tree over the scene, and beside it the few rows
 * that changed since it was built. It is rebuilt when those become many, in an idle moment, never per edit.
 */
import Flatbush from "flatbush";
import { type Bounds, overlap } from "./geometry/points";
import { KIND, type Scene } from "./scene";

const MOST_DIRTY = 256;

export class SpatialIndex {
  private tree: Flatbush | undefined;
  private treeRows = new Int32Array(0);
  private readonly dirty = new Set<number>();
  private rebuilds = 0;
  private planned = false;
  private readonly work = { queries: 0, visits: 0 };

  constructor(
    private readonly scene: Scene,
    private readonly whenIdle: (run: () => void) => void = idle,
  ) {}

  /** How often the tree was built: for tests, which allow none per edit. */
  get builds(): number {
    return this.rebuilds;
  }

  /** Questions asked so far, and rows looked at one by one to answer them: few, however many rows there are. */
  get counters(): Readonly<{ queries: number; visits: number }> {
    return this.work;
  }

  build(): void {
    const rows: number[] = [];
    for (let row = 0; row < this.scene.length; row += 1)
      if (this.scene.kind[row] !== KIND.none) rows.push(row);
    this.dirty.clear();
    this.rebuilds += 1;
    this.treeRows = Int32Array.from(rows);
    this.tree = rows.length === 0 ? undefined : new Flatbush(rows.length, 16, Float32Array);
    if (this.tree === undefined) return;
    for (const row of rows) {
      const b = this.scene.boundsOf(row);
      this.tree.add(b.minX, b.minY, b.maxX, b.maxY);
    }
    this.tree.finish();
  }

  /** Says that these rows changed, came or went. */
  touch(rows: Iterable<number>): void {
    for (const row of rows) this.dirty.add(row);
    if (this.dirty.size <= MOST_DIRTY + this.treeRows.length / 20 || this.planned) return;
    this.planned = true;
    this.whenIdle(() => {
      this.planned = false;
      this.build();
    });
  }

  /** Gives the rows whose bounds touch `within`, in no order. */
  query(within: Bounds): number[] {
    const found: number[] = [];
    const { minX, minY, maxX, maxY } = within;
    const near = this.tree?.search(minX, minY, maxX, maxY) ?? [];
    this.work.queries += 1;
    this.work.visits += near.length + this.dirty.size;
    for (const at of near) {
      const row = this.treeRows[at] as number;
      if (!this.dirty.has(row)) found.push(row);
    }
    for (const row of this.dirty) {
      if (this.scene.kind[row] !== KIND.none && overlap(this.scene.boundsOf(row), within)) found.push(row);
    }
    return found;
  }
}

function idle(run: () => void): void {
  if (typeof requestIdleCallback === "function") requestIdleCallback(run, { timeout: 2000 });
  else setTimeout(run, 200);
}
