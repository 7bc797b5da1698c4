/** Who is signed in, and what is theirs: account, theme, the way out. */
import { useNavigate } from "@solidjs/router";
import { createEffect, createSignal, onMount, Show } from "solid-js";
import { api, ok } from "../../api/client";
import { errorOfThrown } from "../../api/errors";
import type { OwnOrganization } from "../../api/types";
import { Avatar } from "../../ui/Avatar";
import { Menu } from "../../ui/Menu";
import { toast } from "../../ui/toasts";
import { currentUser, signOut } from "../auth";
import { useCommands } from "../commands";
import { useDecides } from "../flags";
import { locale, t } from "../i18n";
import { setTheme, theme, themes } from "../theme";
import NewOrganization from "./NewOrganization";
import { fetchWords, say } from "./words";

export default function UserMenu() {
  const navigate = useNavigate();
  const [known, setKnown] = createSignal<readonly OwnOrganization[]>([]);
  const decides = useDecides();
  const [founding, setFounding] = createSignal(false);
  // Without the list the menu has all that is not about organizations.
  onMount(() => void ok(api.GET("/api/organizations/")).then(setKnown, () => undefined));

  createEffect(() => void fetchWords(locale()));
  const toPlayground = () => navigate("/playground");
  useCommands(() => [
    {
      id: "playground",
      title: say("playground"),
      group: t("command.everywhere"),
      icon: "code",
      run: toPlayground,
    },
  ]);

  /** Everything on the page belongs to the organization that is left: begin anew in the other. */
  const switchTo = async (organization: number) => {
    try {
      await ok(api.POST("/api/current-user/organization/", { body: { organization } }));
      window.location.assign("/projects");
    } catch (thrown) {
      toast(errorOfThrown(thrown).message, { tone: "danger" });
    }
  };
  return (
    <Show when={currentUser()} keyed>
      {(user) => (
        <>
          <Menu
            button={{
              class: "bar-user",
              label: t("account.menu"),
              children: <Avatar person={user} size={24} decorative />,
            }}
            items={[
              { heading: user.email },
              { label: t("account.title"), icon: "user", run: () => navigate("/account") },
              { label: say("playground"), icon: "code", run: toPlayground },
              "separator",
              { heading: t("organization.title") },
              ...known().map(({ id, title }) => ({
                label: title,
                checked: id === user.active_organization,
                run: () => {
                  if (id !== user.active_organization) void switchTo(id);
                },
              })),
              { label: t("members.title"), icon: "users" as const, run: () => navigate("/members") },
              ...(user.permissions.includes("audit.read")
                ? [{ label: t("audit.title"), icon: "activity" as const, run: () => navigate("/audit") }]
                : []),
              ...(user.permissions.includes("organization.create")
                ? [
                    {
                      label: t("organization.create"),
                      icon: "plus" as const,
                      run: () => setFounding(true),
                    },
                  ]
                : []),
              ...(decides()
                ? [{ label: t("flags.title"), icon: "settings" as const, run: () => navigate("/flags") }]
                : []),
              "separator",
              { heading: t("theme.title") },
              ...themes.map((value) => ({
                label: t(`theme.${value}`),
                checked: theme() === value,
                run: () => setTheme(value),
              })),
              "separator",
              { label: t("signin.out"), icon: "log-out", run: () => void signOut() },
            ]}
          />
          <Show when={founding()}>
            <NewOrganization onClose={() => setFounding(false)} />
          </Show>
        </>
      )}
    </Show>
  );
}
