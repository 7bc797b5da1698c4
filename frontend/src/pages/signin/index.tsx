/** The door. Where one wanted to go is in the address; the shell goes there once signed in. */

import { t } from "../../app/i18n";
import { useTitle } from "../../app/place";
import { SignInForm } from "../../app/SignInForm";
import "./signin.css";

export default function SignInPage() {
  useTitle(() => t("signin.title"));
  return (
    <div class="signin">
      <section class="signin-card">
        <img src="/favicon.svg" alt="" width="44" height="44" />
        <h1>{t("signin.title")}</h1>
        <p class="muted">{t("signin.hint")}</p>
        <SignInForm />
      </section>
    </div>
  );
}
