/** A person as a disc with initials. Its colour comes from the id, so it stays theirs. */
import "./Avatar.css";

export interface Person {
  id: number;
  first_name: string;
  last_name: string;
  email: string;
  initials?: string;
}

export const personName = (person: Person): string =>
  `${person.first_name} ${person.last_name}`.trim() || person.email;

export function Avatar(props: { person: Person; size?: number; decorative?: boolean }) {
  const initials = () => props.person.initials || personName(props.person).slice(0, 2).toUpperCase();
  return (
    <span
      class="avatar"
      role="img"
      aria-hidden={props.decorative ? "true" : undefined}
      aria-label={personName(props.person)}
      title={props.decorative ? undefined : personName(props.person)}
      style={{ "--hue": `${(props.person.id * 137) % 360}`, "--size-avatar": `${props.size ?? 22}px` }}
      data-initials={initials()}
    />
  );
}
