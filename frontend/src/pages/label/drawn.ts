/** When the open task is on the screen. */

/** What the canvas marks when its picture and all regions show for the first time. */
export const PICTURE_MARK = "skylabel.picture";

/** Resolves when pictures have said that they show; at once, a frame later, for tasks without. */
export function taskDrawn(hasPicture: boolean): Promise<void> {
  if (!hasPicture) return new Promise((done) => requestAnimationFrame(() => done()));
  return new Promise((done) => {
    const observer = new PerformanceObserver((list) => {
      if (list.getEntriesByName(PICTURE_MARK).length === 0) return;
      observer.disconnect();
      done();
    });
    observer.observe({ type: "mark", buffered: true });
  });
}
