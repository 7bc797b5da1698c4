/**
 * The height of the image of a task: what all else on the screen leaves of it, so that nothing needs scrolling.
 * How tags are arranged is their author's affair (rows, grids, styles of their own), so it is measured.
 */

/** Taller than anything beside it can be, so that what is over and under the image can be told apart from it. */
const PROBE = 100_000;
const LEAST = 320;
const LEAST_SHARE = 0.5;

/** The height in pixels for an image where `others` pixels of `window` are taken; half of it at least. */
export function heightLeft(window: number, others: number): number {
  return Math.floor(Math.max(window - others, LEAST, window * LEAST_SHARE));
}

/**
 * Keeps the only image within a scrolled place as high as the rest leaves it. A task of several images, or an
 * image whose config says its height, is left alone. What comes later, as a question about a selected region
 * does, never moves the picture under somebody's hand: it is measured when the place changes, and no more.
 * Gives what ends it.
 */
export function fitHeight(scroll: HTMLElement, content: HTMLElement): () => void {
  let frame = 0;
  const measure = () => {
    const [image, ...others] = content.querySelectorAll<HTMLElement>(".image-tag:not([style*='height:'])");
    if (!image || others.length) return;
    content.style.setProperty("--image-height", `${PROBE}px`);
    const taken = scroll.scrollHeight - PROBE;
    // Below nothing: a View around the image scrolls by itself, so that its author decided the height.
    if (taken < 0) content.style.removeProperty("--image-height");
    else content.style.setProperty("--image-height", `${heightLeft(scroll.clientHeight, taken)}px`);
  };
  // In the next frame: measuring within the observer's own turn would be a loop to the browser.
  const observer = new ResizeObserver(() => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(measure);
  });
  observer.observe(scroll);
  return () => {
    cancelAnimationFrame(frame);
    observer.disconnect();
  };
}
