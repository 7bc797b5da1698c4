/** Editor and preview beside each other with a bar between; one below the other where it is narrow. */
import { createSignal, type JSX, lazy, onCleanup, onMount, Suspense } from "solid-js";
import { readSetting, writeSetting } from "../../app/storage";
import { Late, Skeleton } from "../../ui/Loaded";
import { Splitter } from "../../ui/Splitter";
import { say } from "./words";
import "./workspace.css";

export const Preview = lazy(() => import("./Preview"));

const LEAST = 320;

export function Workspace(props: {
  editor: JSX.Element;
  preview: JSX.Element;
  /** Takes the height of the place it is in. */
  fills?: boolean;
}) {
  let place!: HTMLDivElement;
  const kept = Number(readSetting("configEditor")) || 0;
  const [size, setSize] = createSignal(kept);
  const [width, setWidth] = createSignal(0);
  const most = () => Math.max(LEAST, width() - LEAST);
  const editor = () => Math.min(most(), Math.max(LEAST, size() || Math.round(width() / 2)));
  onMount(() => {
    const observer = new ResizeObserver(() => setWidth(place.clientWidth));
    observer.observe(place);
    onCleanup(() => observer.disconnect());
  });
  return (
    <div class="workspace" ref={place} data-fills={props.fills ? "" : undefined}>
      <Splitter
        label={say("split")}
        fixed="first"
        size={editor()}
        min={LEAST}
        max={most()}
        onResize={(next) => {
          setSize(next);
          writeSetting("configEditor", String(next));
        }}
        first={props.editor}
        second={
          <Suspense
            fallback={
              <Late>
                <Skeleton lines={6} />
              </Late>
            }
          >
            {props.preview}
          </Suspense>
        }
      />
    </div>
  );
}
