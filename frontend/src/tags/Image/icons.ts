/** Icons of the image tools: Lucide outlines, shipped with the tag only. */
import brush from "lucide-static/icons/brush.svg?raw";
import chevronLeft from "lucide-static/icons/chevron-left.svg?raw";
import chevronRight from "lucide-static/icons/chevron-right.svg?raw";
import circle from "lucide-static/icons/circle.svg?raw";
import contrast from "lucide-static/icons/contrast.svg?raw";
import crosshair from "lucide-static/icons/crosshair.svg?raw";
import eraser from "lucide-static/icons/eraser.svg?raw";
import hand from "lucide-static/icons/hand.svg?raw";
import magnet from "lucide-static/icons/magnet.svg?raw";
import map from "lucide-static/icons/map.svg?raw";
import maximize from "lucide-static/icons/maximize.svg?raw";
import pointer from "lucide-static/icons/mouse-pointer-2.svg?raw";
import pentagon from "lucide-static/icons/pentagon.svg?raw";
import rotateCcw from "lucide-static/icons/rotate-ccw.svg?raw";
import rotateCw from "lucide-static/icons/rotate-cw.svg?raw";
import spline from "lucide-static/icons/spline.svg?raw";
import square from "lucide-static/icons/square.svg?raw";
import sun from "lucide-static/icons/sun.svg?raw";
import wand from "lucide-static/icons/wand-sparkles.svg?raw";
import zoomIn from "lucide-static/icons/zoom-in.svg?raw";
import zoomOut from "lucide-static/icons/zoom-out.svg?raw";

export const icons = {
  select: pointer,
  pan: hand,
  box: square,
  wand,
  vector: spline,
  ellipse: circle,
  polygon: pentagon,
  point: crosshair,
  brush,
  erase: eraser,
  chevronLeft,
  chevronRight,
  contrast,
  fit: maximize,
  magnet,
  map,
  rotateCcw,
  rotateCw,
  brightness: sun,
  zoomIn,
  zoomOut,
};

export type ImageIcon = keyof typeof icons;
