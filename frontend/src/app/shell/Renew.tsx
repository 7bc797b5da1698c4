/** Asks for the password again over a page whose session ran out; the page keeps everything it holds. */
import { Dialog } from "../../ui/Dialog";
import { t } from "../i18n";
import { queryClient } from "../queryClient";
import { SignInForm } from "../SignInForm";

export default function Renew() {
  return (
    <Dialog
      open
      required
      size="small"
      title={t("signin.expired")}
      description={t("signin.expiredHint")}
      onClose={() => undefined}
    >
      <SignInForm onDone={() => void queryClient.invalidateQueries()} />
    </Dialog>
  );
}
