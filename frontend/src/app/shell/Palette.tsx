/** The command palette: the commands of what is on screen, and the projects by name. */
import { useNavigate } from "@solidjs/router";
import { useInfiniteQuery } from "@tanstack/solid-query";
import { projectPages } from "../../api/queries";
import { CommandPalette, type PaletteItem } from "../../ui/CommandPalette";
import { commands } from "../commands";
import { keyCaps } from "../hotkeys";
import { t } from "../i18n";

export default function Palette(props: { onClose: () => void }) {
  const navigate = useNavigate();
  const projects = useInfiniteQuery(() => projectPages({ title: "" }));
  const items = (): PaletteItem[] => [
    ...commands()
      .filter((command) => command.id !== "palette")
      .map((command) => ({
        id: command.id,
        title: command.title,
        group: command.group,
        icon: command.icon,
        caps: command.keys ? keyCaps(command.keys) : undefined,
        run: command.run,
      })),
    ...(projects.isSuccess ? projects.data.pages.flatMap((page) => page.results) : []).map((project) => ({
      id: `project-${project.id}`,
      title: project.title,
      group: t("app.projects"),
      icon: "folder" as const,
      run: () => navigate(`/projects/${project.id}/data`),
    })),
  ];
  return (
    <CommandPalette
      open
      title={t("command.palette")}
      placeholder={t("command.placeholder")}
      items={items()}
      onClose={props.onClose}
    />
  );
}
