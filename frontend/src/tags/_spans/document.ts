/** A document of foreign HTML in a frame where nothing runs: made ready for marking, keys passed on to the page. */

/** Readable whatever the theme: foreign pages assume dark text on white. */
const look = `:root { color-scheme: light; } body { margin: 0; padding: 8px 14px; background: #fff; color: #1b1f26;
  font: 15px/2.1 system-ui, sans-serif; overflow-wrap: anywhere; } body:focus-visible { outline: 2px solid #2f6fdb; outline-offset: -2px; }
  img, video, table { max-width: 100%; }`;

/** The page around a piece of HTML. Nothing is taken out of it: paths count what is there. */
export function framedPage(html: string): string {
  return `<!doctype html><html><head><meta charset="utf-8"><style>${look}</style></head><body>${html}</body></html>`;
}

/** Prepares a loaded frame and gives its body, or null when it cannot be reached. */
export function openDocument(
  frame: HTMLIFrameElement,
  options: { readonly name: string; readonly links: boolean },
): HTMLElement | null {
  const page = frame.contentDocument;
  const view = frame.contentWindow as (Window & typeof globalThis) | null;
  if (!page?.body || !view) return null;
  page.body.tabIndex = 0;
  page.body.setAttribute("role", "textbox");
  page.body.setAttribute("aria-readonly", "true");
  page.body.setAttribute("aria-multiline", "true");
  page.body.setAttribute("aria-label", options.name);
  const resize = () => {
    frame.style.blockSize = `${Math.ceil(page.documentElement.getBoundingClientRect().height)}px`;
  };
  new view.ResizeObserver(resize).observe(page.documentElement);
  resize();
  page.addEventListener("click", (event) => {
    if (followLink(event, options.links) || page.getSelection()?.isCollapsed === false) return;
    // What listens to clicks on objects hears those in the frame, too.
    frame.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  });
  page.addEventListener("submit", (event) => event.preventDefault());
  page.addEventListener("keydown", (event) => passOn(event));
  return page.body;
}

/** Whether a link was clicked; it is followed where that is allowed. */
function followLink(event: MouseEvent, allowed: boolean): boolean {
  const link = (event.target as Element | null)?.closest?.("a[href], area[href]");
  if (!link) return false;
  event.preventDefault();
  const address = link.getAttribute("href") ?? "";
  if (allowed && /^https?:/i.test(address)) window.open(address, "_blank", "noopener,noreferrer");
  return true;
}

/** Keys of the screen work inside the frame, too. */
function passOn(event: KeyboardEvent): void {
  if (event.defaultPrevented) return;
  const { key, code, ctrlKey, altKey, shiftKey, metaKey, repeat } = event;
  const copy = new KeyboardEvent("keydown", {
    key,
    code,
    ctrlKey,
    altKey,
    shiftKey,
    metaKey,
    repeat,
    cancelable: true,
    bubbles: true,
  });
  if (!window.dispatchEvent(copy)) event.preventDefault();
}
