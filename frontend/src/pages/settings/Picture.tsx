/** One's own picture: chosen from a file, made small here, shown at once. */
import { createSignal, Show } from "solid-js";
import { api, ok } from "../../api/client";
import type { CurrentUser } from "../../api/types";
import { updateUser } from "../../app/auth";
import { t } from "../../app/i18n";
import { createSending } from "../../app/sending";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";

const SIDE = 256;

/** The middle of a picture as a small square PNG: what is sent is a few kilobytes, whatever was chosen. */
async function small(file: File): Promise<Blob> {
  const image = await createImageBitmap(file);
  const side = Math.min(image.width, image.height);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = Math.min(side, SIDE);
  const [left, top] = [(image.width - side) / 2, (image.height - side) / 2];
  canvas.getContext("2d")?.drawImage(image, left, top, side, side, 0, 0, canvas.width, canvas.height);
  image.close();
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png"),
  );
}

export function Picture(props: { user: CurrentUser }) {
  let input: HTMLInputElement | undefined;
  const sending = createSending();
  const [unreadable, setUnreadable] = createSignal(false);
  const path = () => ({ path: { user_id: props.user.id } });

  const choose = async (file: File | undefined) => {
    if (!file) return;
    const picture = await small(file).catch(() => null);
    setUnreadable(!picture);
    if (!picture) return;
    const form = new FormData();
    form.append("avatar", picture, "avatar.png");
    await sending.send(async () => {
      const user = await ok(
        api.POST("/api/users/{user_id}/avatar/", {
          params: path(),
          // a form is sent as it is; its type cannot say what it holds
          body: form as never,
          bodySerializer: (body) => body,
        }),
      );
      updateUser({ avatar: user.avatar ?? null });
    });
  };
  const remove = () =>
    sending.send(async () => {
      await ok(api.DELETE("/api/users/{user_id}/avatar/", { params: path() }));
      updateUser({ avatar: null });
    });

  return (
    <div class="account-picture">
      <Avatar person={props.user} size={56} decorative />
      <input
        ref={input}
        class="visually-hidden"
        type="file"
        accept="image/png,image/jpeg,image/gif,image/webp"
        tabindex="-1"
        aria-label={t("account.choosePicture")}
        onChange={(event) => {
          void choose(event.currentTarget.files?.[0]);
          event.currentTarget.value = "";
        }}
      />
      <Button busy={sending.busy()} onClick={() => input?.click()}>
        {t("account.choosePicture")}
      </Button>
      <Show when={props.user.avatar}>
        <Button look="quiet" onClick={() => void remove()}>
          {t("account.removePicture")}
        </Button>
      </Show>
      <Show when={unreadable() ? t("account.badPicture") : sending.error()?.message}>
        {(message) => (
          <p class="field-error" role="alert">
            {message()}
          </p>
        )}
      </Show>
    </div>
  );
}
