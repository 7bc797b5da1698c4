/**
 * The icons that every page shows, by name: Lucide outlines, one import each, so that only these are shipped.
 * Those of the pages that list and change things are in `pageIcons.ts`.
 */
import activity from "lucide-static/icons/activity.svg?raw";
import arrowLeft from "lucide-static/icons/arrow-left.svg?raw";
import check from "lucide-static/icons/check.svg?raw";
import chevronDown from "lucide-static/icons/chevron-down.svg?raw";
import chevronLeft from "lucide-static/icons/chevron-left.svg?raw";
import chevronRight from "lucide-static/icons/chevron-right.svg?raw";
import circleCheck from "lucide-static/icons/circle-check.svg?raw";
import circleX from "lucide-static/icons/circle-x.svg?raw";
import clock from "lucide-static/icons/clock.svg?raw";
import eye from "lucide-static/icons/eye.svg?raw";
import eyeOff from "lucide-static/icons/eye-off.svg?raw";
import info from "lucide-static/icons/info.svg?raw";
import keyboard from "lucide-static/icons/keyboard.svg?raw";
import listTodo from "lucide-static/icons/list-todo.svg?raw";
import loaderCircle from "lucide-static/icons/loader-circle.svg?raw";
import lock from "lucide-static/icons/lock.svg?raw";
import lockOpen from "lucide-static/icons/lock-open.svg?raw";
import play from "lucide-static/icons/play.svg?raw";
import plus from "lucide-static/icons/plus.svg?raw";
import refreshCw from "lucide-static/icons/refresh-cw.svg?raw";
import search from "lucide-static/icons/search.svg?raw";
import settings from "lucide-static/icons/settings.svg?raw";
import trash2 from "lucide-static/icons/trash-2.svg?raw";
import triangleAlert from "lucide-static/icons/triangle-alert.svg?raw";
import x from "lucide-static/icons/x.svg?raw";

export const icons = {
  activity,
  "arrow-left": arrowLeft,
  check,
  "chevron-down": chevronDown,
  "chevron-left": chevronLeft,
  "chevron-right": chevronRight,
  "circle-check": circleCheck,
  "circle-x": circleX,
  clock,
  eye,
  "eye-off": eyeOff,
  info,
  keyboard,
  "list-todo": listTodo,
  "loader-circle": loaderCircle,
  lock,
  "lock-open": lockOpen,
  play,
  plus,
  "refresh-cw": refreshCw,
  search,
  settings,
  "trash-2": trash2,
  "triangle-alert": triangleAlert,
  x,
} as const;

export type IconName = keyof typeof icons | keyof typeof import("./pageIcons").pageIcons;
