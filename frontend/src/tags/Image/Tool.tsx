/** The small buttons and sliders around a picture. */
import { type ImageIcon, icons } from "./icons";

export function Tool(props: {
  icon: ImageIcon;
  title: string;
  pressed?: boolean;
  disabled?: boolean;
  onPress: () => void;
}) {
  return (
    <button
      type="button"
      class="image-tool"
      title={props.title}
      aria-label={props.title}
      aria-pressed={props.pressed}
      disabled={props.disabled}
      // Focus stays on the canvas, so that its keys go on working.
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => props.onPress()}
      // Constant markup of our own build, never data.
      innerHTML={icons[props.icon]}
    />
  );
}

export function Slider(props: {
  icon: ImageIcon;
  title: string;
  value: number;
  onChange: (value: number) => void;
}) {
  return (
    <label class="image-slider" title={props.title}>
      <span aria-hidden="true" innerHTML={icons[props.icon]} />
      <input
        type="range"
        min="0.2"
        max="3"
        step="0.05"
        aria-label={props.title}
        value={props.value}
        onInput={(event) => props.onChange(Number(event.currentTarget.value))}
        onDblClick={() => props.onChange(1)}
      />
    </label>
  );
}
