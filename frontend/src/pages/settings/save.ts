/** Saving part of a project: what is under way, what was refused, and a word when it is done. */
import { useQueryClient } from "@tanstack/solid-query";
import { type Accessor, createSignal } from "solid-js";
import { type ApiError, api, ok } from "../../api/client";
import { errorOfThrown } from "../../api/errors";
import { about } from "../../api/queries";
import type { ProjectSettings } from "../../api/types";
import { t } from "../../app/i18n";
import { toast } from "../../ui/toasts";

export interface Saving {
  busy: Accessor<boolean>;
  error: Accessor<ApiError | null>;
  save: (change: Partial<ProjectSettings>) => Promise<boolean>;
}

export function createSaving(project: Accessor<number>): Saving {
  const client = useQueryClient();
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<ApiError | null>(null);
  const save = async (body: Partial<ProjectSettings>) => {
    if (busy()) return false;
    setBusy(true);
    setError(null);
    try {
      await ok(
        api.PATCH("/api/projects/{project_id}/", { params: { path: { project_id: project() } }, body }),
      );
      await client.invalidateQueries({ queryKey: about.project(project()) });
      void client.invalidateQueries({ queryKey: about.projects });
      toast(t("settings.saved"), { tone: "success" });
      return true;
    } catch (thrown) {
      setError(errorOfThrown(thrown));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, save };
}
