/** How far something has come: a thin bar with its numbers in the accessible name. */
import "./Progress.css";

export function Progress(props: {
  label: string;
  done: number;
  /** Null while nobody knows: the bar then moves to and fro. */
  total: number | null;
  tone?: "accent" | "success";
}) {
  const share = () => (props.total ? Math.min(1, props.done / props.total) : 0);
  return (
    <div
      class="progress"
      role="progressbar"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={props.total ?? undefined}
      aria-valuenow={props.total === null ? undefined : Math.min(props.done, props.total)}
      data-tone={props.tone ?? "accent"}
      data-unknown={props.total === null ? "" : undefined}
    >
      <div class="progress-fill" style={props.total === null ? {} : { "inline-size": `${share() * 100}%` }} />
    </div>
  );
}
