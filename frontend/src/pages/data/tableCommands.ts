/** What can be done with the table of tasks by key and palette, with what one must be allowed for it. */
import type { Command } from "../../app/commands";
import { t } from "../../app/i18n";
import type { Right } from "../../app/rights";
import { say } from "./words";

export interface TableActions {
  may: (right: Right) => boolean;
  /** Whether some task is ticked. */
  isTicked: boolean;
  label: () => void;
  import: () => void;
  export: () => void;
  tickAll: () => void;
  tickNone: () => void;
  assign: () => void;
  delete: () => void;
}

interface Offer extends Omit<Command, "group"> {
  /** What one must be allowed for it; everybody may do the rest. */
  needs?: Right;
  /** Whether it is done with ticked tasks. */
  ofTicked?: true;
}

export function tableCommands(actions: TableActions): Command[] {
  const offers: Offer[] = [
    {
      id: "data-label",
      title: t("data.labelAll"),
      keys: "l",
      icon: "play",
      run: actions.label,
      needs: "label",
    },
    {
      id: "data-import",
      title: t("data.import"),
      keys: "i",
      icon: "upload",
      run: actions.import,
      needs: "manage",
    },
    {
      id: "data-export",
      title: t("data.export"),
      keys: "e",
      icon: "download",
      run: actions.export,
      needs: "export",
    },
    { id: "data-all", title: t("data.selectAll"), keys: "$mod+A", icon: "check", run: actions.tickAll },
    {
      id: "data-none",
      title: t("data.selectNone"),
      keys: "Escape",
      icon: "x",
      run: actions.tickNone,
      ofTicked: true,
    },
    {
      id: "data-assign",
      title: say("assigned.action"),
      keys: "a",
      icon: "users",
      run: actions.assign,
      needs: "manage",
      ofTicked: true,
    },
    {
      id: "data-delete",
      title: t("data.delete"),
      keys: "Delete",
      icon: "trash-2",
      run: actions.delete,
      needs: "manage",
      ofTicked: true,
    },
  ];
  return offers
    .filter(({ needs, ofTicked }) => (!needs || actions.may(needs)) && (!ofTicked || actions.isTicked))
    .map(({ needs: _needs, ofTicked: _ofTicked, ...command }) => ({ ...command, group: t("app.data") }));
}
