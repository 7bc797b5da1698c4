/** The icons in use, by name: Lucide outlines, one import each, so that only these are shipped. */
import activity from "lucide-static/icons/activity.svg?raw";
import arrowDown from "lucide-static/icons/arrow-down.svg?raw";
import arrowLeft from "lucide-static/icons/arrow-left.svg?raw";
import arrowUp from "lucide-static/icons/arrow-up.svg?raw";
import check from "lucide-static/icons/check.svg?raw";
import chevronDown from "lucide-static/icons/chevron-down.svg?raw";
import chevronLeft from "lucide-static/icons/chevron-left.svg?raw";
import chevronRight from "lucide-static/icons/chevron-right.svg?raw";
import circleCheck from "lucide-static/icons/circle-check.svg?raw";
import circleQuestionMark from "lucide-static/icons/circle-question-mark.svg?raw";
import circleX from "lucide-static/icons/circle-x.svg?raw";
import clock from "lucide-static/icons/clock.svg?raw";
import code from "lucide-static/icons/code.svg?raw";
import columns3 from "lucide-static/icons/columns-3.svg?raw";
import copy from "lucide-static/icons/copy.svg?raw";
import download from "lucide-static/icons/download.svg?raw";
import ellipsis from "lucide-static/icons/ellipsis.svg?raw";
import externalLink from "lucide-static/icons/external-link.svg?raw";
import eye from "lucide-static/icons/eye.svg?raw";
import eyeOff from "lucide-static/icons/eye-off.svg?raw";
import file from "lucide-static/icons/file.svg?raw";
import fileText from "lucide-static/icons/file-text.svg?raw";
import folder from "lucide-static/icons/folder.svg?raw";
import image from "lucide-static/icons/image.svg?raw";
import inbox from "lucide-static/icons/inbox.svg?raw";
import info from "lucide-static/icons/info.svg?raw";
import keyboard from "lucide-static/icons/keyboard.svg?raw";
import listTodo from "lucide-static/icons/list-todo.svg?raw";
import loaderCircle from "lucide-static/icons/loader-circle.svg?raw";
import lock from "lucide-static/icons/lock.svg?raw";
import lockOpen from "lucide-static/icons/lock-open.svg?raw";
import logOut from "lucide-static/icons/log-out.svg?raw";
import monitor from "lucide-static/icons/monitor.svg?raw";
import moon from "lucide-static/icons/moon.svg?raw";
import music from "lucide-static/icons/music.svg?raw";
import pin from "lucide-static/icons/pin.svg?raw";
import play from "lucide-static/icons/play.svg?raw";
import plus from "lucide-static/icons/plus.svg?raw";
import refreshCw from "lucide-static/icons/refresh-cw.svg?raw";
import search from "lucide-static/icons/search.svg?raw";
import settings from "lucide-static/icons/settings.svg?raw";
import sun from "lucide-static/icons/sun.svg?raw";
import tag from "lucide-static/icons/tag.svg?raw";
import trash2 from "lucide-static/icons/trash-2.svg?raw";
import triangleAlert from "lucide-static/icons/triangle-alert.svg?raw";
import upload from "lucide-static/icons/upload.svg?raw";
import user from "lucide-static/icons/user.svg?raw";
import users from "lucide-static/icons/users.svg?raw";
import video from "lucide-static/icons/video.svg?raw";
import x from "lucide-static/icons/x.svg?raw";

export const icons = {
  activity,
  "arrow-down": arrowDown,
  "arrow-left": arrowLeft,
  "arrow-up": arrowUp,
  check,
  "chevron-down": chevronDown,
  "chevron-left": chevronLeft,
  "chevron-right": chevronRight,
  "circle-check": circleCheck,
  "circle-question-mark": circleQuestionMark,
  "circle-x": circleX,
  clock,
  code,
  "columns-3": columns3,
  copy,
  download,
  ellipsis,
  "external-link": externalLink,
  eye,
  "eye-off": eyeOff,
  lock,
  "lock-open": lockOpen,
  file,
  "file-text": fileText,
  folder,
  image,
  inbox,
  info,
  keyboard,
  "list-todo": listTodo,
  "loader-circle": loaderCircle,
  "log-out": logOut,
  monitor,
  moon,
  music,
  pin,
  play,
  plus,
  "refresh-cw": refreshCw,
  search,
  settings,
  sun,
  tag,
  "trash-2": trash2,
  "triangle-alert": triangleAlert,
  upload,
  user,
  users,
  video,
  x,
} as const;

export type IconName = keyof typeof icons;
