/** The card that stands at the door: what all pages before signing in look like. */
import type { JSX } from "solid-js";
import "./signin.css";
import "../../app/SignInForm.css";

export function Door(props: { title: string; hint?: string | undefined; children: JSX.Element }) {
  return (
    <div class="signin">
      <section class="signin-card">
        <img src="/favicon.svg" alt="" width="44" height="44" />
        <h1>{props.title}</h1>
        <p class="muted">{props.hint}</p>
        {props.children}
      </section>
    </div>
  );
}
