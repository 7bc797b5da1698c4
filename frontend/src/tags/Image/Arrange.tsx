/** The buttons that arrange what is selected; they come when something is. */

import alignMiddle from "lucide-static/icons/align-center-horizontal.svg?raw";
import alignCenter from "lucide-static/icons/align-center-vertical.svg?raw";
import alignBottom from "lucide-static/icons/align-end-horizontal.svg?raw";
import alignRight from "lucide-static/icons/align-end-vertical.svg?raw";
import across from "lucide-static/icons/align-horizontal-distribute-center.svg?raw";
import alignTop from "lucide-static/icons/align-start-horizontal.svg?raw";
import alignLeft from "lucide-static/icons/align-start-vertical.svg?raw";
import down from "lucide-static/icons/align-vertical-distribute-center.svg?raw";
import front from "lucide-static/icons/bring-to-front.svg?raw";
import group from "lucide-static/icons/group.svg?raw";
import moveDown from "lucide-static/icons/move-down.svg?raw";
import moveUp from "lucide-static/icons/move-up.svg?raw";
import back from "lucide-static/icons/send-to-back.svg?raw";
import ungroup from "lucide-static/icons/ungroup.svg?raw";
import { For } from "solid-js";
import type { TagHost } from "../_contract/contract";
import { words } from "../_contract/words";
import { ARRANGING, type Arranging } from "./arranging";
import { deedId } from "./tools";

const icons: Readonly<Record<string, string>> = {
  forward: moveUp,
  backward: moveDown,
  front,
  back,
  left: alignLeft,
  center: alignCenter,
  right: alignRight,
  top: alignTop,
  middle: alignMiddle,
  bottom: alignBottom,
  across,
  down,
  group,
  ungroup,
};

export default function Arrange(props: {
  host: TagHost;
  selected: number;
  onRun: (deed: Arranging) => void;
}) {
  const fitting = () => ARRANGING.filter((deed) => deed.least <= props.selected);
  const title = (deed: Arranging) => {
    const key = props.host.keyName(deedId(deed.name), deed.key);
    return key === "" ? words(deed.title) : `${words(deed.title)} (${key})`;
  };
  return (
    <div class="image-arrange" role="toolbar" aria-label={words("arrange")}>
      <For each={fitting()}>
        {(deed) => (
          <button
            type="button"
            class="image-tool"
            title={title(deed)}
            aria-label={title(deed)}
            // Focus stays on the canvas, so that its keys go on working.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => props.onRun(deed)}
            // Constant markup of our own build, never data.
            innerHTML={icons[deed.name] ?? ""}
          />
        )}
      </For>
    </div>
  );
}
