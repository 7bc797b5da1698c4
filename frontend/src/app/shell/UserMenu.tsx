/** Who is signed in, and what is theirs: account, theme, the way out. */
import { useNavigate } from "@solidjs/router";
import { Show } from "solid-js";
import { Avatar } from "../../ui/Avatar";
import { Menu } from "../../ui/Menu";
import { currentUser, signOut } from "../auth";
import { t } from "../i18n";
import { setTheme, theme, themes } from "../theme";

export default function UserMenu() {
  const navigate = useNavigate();
  return (
    <Show when={currentUser()} keyed>
      {(user) => (
        <Menu
          button={{
            class: "bar-user",
            label: t("account.menu"),
            children: <Avatar person={user} size={24} decorative />,
          }}
          items={[
            { heading: user.email },
            { label: t("account.title"), icon: "user", run: () => navigate("/account") },
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
      )}
    </Show>
  );
}
