/**
 * English: the catalogue the others follow, key by key. Sentences, not fragments; plurals by `count`.
 *
 * Here are the words that every page shows, and no more: the labeling screen brings them all. What the other pages
 * say is in `enPages.ts`, and comes with them; what one page alone says, in a catalogue beside it.
 */
import type { Message } from "./messages";

export const en = {
  "app.name": "Skylabel",
  "app.skip": "Skip to content",
  "app.projects": "Projects",
  "app.data": "Data",
  "app.label": "Label",
  "app.settings": "Settings",
  "app.toProjects": "Go to projects",
  "app.crashed": "This page stopped working",
  "app.crashedHint": "What you saved is safe. Reload to carry on.",
  "app.reload": "Reload",

  "ui.close": "Close",
  "ui.dismiss": "Dismiss",
  "ui.loading": "Loading",
  "ui.failed": "This could not be loaded",
  "ui.notifications": "Notifications",
  "ui.noMatches": "No matches",

  "action.cancel": "Cancel",
  "action.close": "Close",
  "action.done": "Done",
  "action.retry": "Try again",
  "action.save": "Save",
  "action.undo": "Undo changes",

  "theme.title": "Theme",
  "theme.system": "As the system",
  "theme.light": "Light",
  "theme.dark": "Dark",
  "theme.contrast": "High contrast",

  "signin.title": "Sign in to Skylabel",
  "signin.email": "Email",
  "signin.password": "Password",
  "signin.submit": "Sign in",
  "signin.out": "Sign out",
  "signin.wrong": "The email or the password is wrong.",
  "signin.expired": "Please sign in again",
  "signin.expiredHint": "Your session has ended. Nothing on this page is lost.",

  "command.search": "Search or jump to…",
  "command.palette": "Command palette",
  "command.placeholder": "Type a command or a project",
  "command.keys": "Keyboard shortcuts",
  "command.keysHint": "Single keys work outside text fields. They can be turned off in your account.",
  "command.everywhere": "Everywhere",

  "job.title": "Jobs",

  "projects.create": "New project",

  "members.title": "Members",

  "account.title": "Your account",
  "account.menu": "Account and theme",
} as const satisfies Record<string, Message>;
