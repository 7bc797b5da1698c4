/** When the overview shows; what it shows is fetched the first time that it does. */

import type { Minimap } from "./minimap";
import type { Picture } from "./picture";
import { toScreen, type View } from "./view";

export class Overview {
  on = true;
  private minimap: Minimap | undefined;
  private fetching = false;

  constructor(
    private readonly host: HTMLElement,
    private readonly view: View,
    /** Asked to draw again when the overview is here. */
    private readonly invalidate: () => void,
  ) {}

  /** The picture has another look: it is drawn again next time. */
  renew(): void {
    this.minimap?.renew();
  }

  update(picture: Picture | undefined, ratio: number): void {
    const shown = this.on && picture !== undefined && !this.showsAll();
    if (this.minimap !== undefined) this.minimap.update(shown ? picture : undefined, ratio);
    else if (shown) void this.fetch();
  }

  private async fetch(): Promise<void> {
    if (this.fetching) return;
    this.fetching = true;
    try {
      const { Minimap } = await import("./minimap");
      this.minimap = new Minimap(this.host, this.view);
      this.invalidate();
    } catch {
      // Without it, everything else goes on; it is asked for again.
      this.fetching = false;
    }
  }

  private showsAll(): boolean {
    const { image, screen, state } = this.view;
    const [a, b] = [toScreen(state, { x: 0, y: 0 }), toScreen(state, { x: image.width, y: image.height })];
    const within = (low: number, high: number, size: number) =>
      Math.min(low, high) >= -1 && Math.max(low, high) <= size + 1;
    return within(a.x, b.x, screen.width) && within(a.y, b.y, screen.height);
  }
}
