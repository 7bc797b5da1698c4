import { t } from "../../app/i18n";
import { Button } from "../../ui/Button";

export default function ProjectsPage() {
  return (
    <>
      <h1>{t("app.projects")}</h1>
      <Button icon="plus" look="primary">
        {t("app.projects")}
      </Button>
    </>
  );
}
