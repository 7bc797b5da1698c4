/** The labeling screen's place: `/projects/:id/label` for the queue, `/projects/:id/data/:task` for one task. */
import { t } from "../../app/i18n";

export default function LabelPage() {
  return <p>{t("app.labelPlaceholder")}</p>;
}
