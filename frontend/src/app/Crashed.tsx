/** What is shown when drawing itself failed. It uses as little of the rest as it can. */
import { Button } from "../ui/Button";
import { t } from "./i18n";
import "./Crashed.css";

export function Crashed(props: { error: unknown }) {
  console.error(props.error);
  return (
    <main class="crashed" role="alert">
      <h1>{t("app.crashed")}</h1>
      <p>{t("app.crashedHint")}</p>
      <pre>{props.error instanceof Error ? props.error.message : String(props.error)}</pre>
      <Button look="primary" icon="refresh-cw" onClick={() => location.reload()}>
        {t("app.reload")}
      </Button>
    </main>
  );
}
