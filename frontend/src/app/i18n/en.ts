/** English: the catalogue the others follow, key by key. Sentences, not fragments; plurals by `count`. */
import type { Message } from "./messages";

export const en = {
  "app.name": "Skylabel",
  "app.skip": "Skip to content",
  "app.projects": "Projects",
  "app.data": "Data",
  "app.label": "Label",
  "app.settings": "Settings",
  "app.notFound": "There is no such page",
  "app.notFoundHint": "The address may be mistyped, or what it named is gone.",
  "app.toProjects": "Go to projects",
  "app.crashed": "This page stopped working",
  "app.crashedHint": "What you saved is safe. Reload to carry on.",
  "app.reload": "Reload",
  "app.labelPlaceholder": "The labeling screen is being built",
  "theme.title": "Theme",
  "theme.system": "As the system",
  "theme.light": "Light",
  "theme.dark": "Dark",
  "theme.contrast": "High contrast",
} as const satisfies Record<string, Message>;
