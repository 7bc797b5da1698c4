/** An address that names nothing. */
import { t } from "../app/i18n";
import { useTitle } from "../app/place";
import { LinkButton } from "../ui/Button";
import { EmptyState } from "../ui/EmptyState";

export default function NotFound() {
  useTitle(() => t("app.notFound"));
  return (
    <EmptyState
      icon="search"
      heading="h1"
      title={t("app.notFound")}
      actions={<LinkButton href="/projects">{t("app.toProjects")}</LinkButton>}
    >
      {t("app.notFoundHint")}
    </EmptyState>
  );
}
