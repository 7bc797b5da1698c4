/** The icons of the pages that list, create and change things, and of menus. */
import arrowDown from "lucide-static/icons/arrow-down.svg?raw";
import arrowUp from "lucide-static/icons/arrow-up.svg?raw";
import circleQuestionMark from "lucide-static/icons/circle-question-mark.svg?raw";
import code from "lucide-static/icons/code.svg?raw";
import columns3 from "lucide-static/icons/columns-3.svg?raw";
import copy from "lucide-static/icons/copy.svg?raw";
import download from "lucide-static/icons/download.svg?raw";
import ellipsis from "lucide-static/icons/ellipsis.svg?raw";
import externalLink from "lucide-static/icons/external-link.svg?raw";
import file from "lucide-static/icons/file.svg?raw";
import fileText from "lucide-static/icons/file-text.svg?raw";
import folder from "lucide-static/icons/folder.svg?raw";
import image from "lucide-static/icons/image.svg?raw";
import inbox from "lucide-static/icons/inbox.svg?raw";
import logOut from "lucide-static/icons/log-out.svg?raw";
import monitor from "lucide-static/icons/monitor.svg?raw";
import moon from "lucide-static/icons/moon.svg?raw";
import music from "lucide-static/icons/music.svg?raw";
import pin from "lucide-static/icons/pin.svg?raw";
import sun from "lucide-static/icons/sun.svg?raw";
import tag from "lucide-static/icons/tag.svg?raw";
import upload from "lucide-static/icons/upload.svg?raw";
import user from "lucide-static/icons/user.svg?raw";
import users from "lucide-static/icons/users.svg?raw";
import video from "lucide-static/icons/video.svg?raw";

export const pageIcons = {
  "arrow-down": arrowDown,
  "arrow-up": arrowUp,
  "circle-question-mark": circleQuestionMark,
  code,
  "columns-3": columns3,
  copy,
  download,
  ellipsis,
  "external-link": externalLink,
  file,
  "file-text": fileText,
  folder,
  image,
  inbox,
  "log-out": logOut,
  monitor,
  moon,
  music,
  pin,
  sun,
  tag,
  upload,
  user,
  users,
  video,
} as const;
