/** A place to drop files on, or to choose them from. */
import { createSignal, createUniqueId, type JSX } from "solid-js";
import { Icon } from "./Icon";
import "./DropZone.css";

export function DropZone(props: {
  title: string;
  hint: JSX.Element;
  accept?: string;
  onFiles: (files: File[]) => void;
}) {
  const id = createUniqueId();
  const [over, setOver] = createSignal(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the input inside is the way by keyboard
    <div
      class="drop"
      data-over={over() ? "" : undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const files = [...(event.dataTransfer?.files ?? [])];
        if (files.length > 0) props.onFiles(files);
      }}
    >
      <Icon name="upload" size={22} />
      <label for={id}>{props.title}</label>
      <p class="field-hint">{props.hint}</p>
      <input
        id={id}
        type="file"
        multiple
        accept={props.accept}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = "";
          if (files.length > 0) props.onFiles(files);
        }}
      />
    </div>
  );
}
