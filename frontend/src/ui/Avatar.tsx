/** A person as a disc: their picture, else initials on a colour that comes from the id, so that it stays theirs. */
import { createSignal, Show } from "solid-js";
import "./Avatar.css";

export interface Person {
  id: number;
  first_name: string;
  last_name: string;
  email: string;
  initials?: string;
  avatar?: string | null;
}

export const personName = (person: Person): string =>
  `${person.first_name} ${person.last_name}`.trim() || person.email;

export function Avatar(props: { person: Person; size?: number; decorative?: boolean }) {
  const initials = () => props.person.initials || personName(props.person).slice(0, 2).toUpperCase();
  const [broken, setBroken] = createSignal<string | null>(null);
  /** Pictures come from this installation alone: another address would tell somebody who looks at what. */
  const picture = () => {
    const { avatar } = props.person;
    return avatar?.startsWith("/data/avatars/") && avatar !== broken() ? avatar : null;
  };
  return (
    <span
      class="avatar"
      role="img"
      aria-hidden={props.decorative ? "true" : undefined}
      aria-label={personName(props.person)}
      title={props.decorative ? undefined : personName(props.person)}
      style={{ "--hue": `${(props.person.id * 137) % 360}`, "--size-avatar": `${props.size ?? 22}px` }}
      data-initials={picture() ? "" : initials()}
    >
      <Show when={picture()}>
        {(address) => <img src={address()} alt="" onError={() => setBroken(address())} />}
      </Show>
    </span>
  );
}
