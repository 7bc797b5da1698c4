/** Deutsch. */
import type { DataWords } from ".";

const de: DataWords = {
  "assigned.column": "Zugewiesen an",
  "assigned.anybody": "Alle Aufgaben",
  "assigned.nobody": "Niemandem zugewiesen",
  "assigned.to": "{name} zugewiesen",
  "assigned.action": "Zuweisen …",
  "assigned.title": { one: "{count} Aufgabe zuweisen", other: "{count} Aufgaben zuweisen" },
  "assigned.hint":
    "Sie bekommen diese Aufgaben vor allen anderen, und je eine Antwort wird für sie freigehalten.",
  "assigned.mode": "Wem die Aufgaben schon zugewiesen sind",
  "assigned.add": "bleibt, und diese Personen kommen hinzu",
  "assigned.replace": "wird durch diese Personen ersetzt",
  "assigned.remove": "bleibt, außer diesen Personen",
  "assigned.people": "Personen",
  "assigned.none": "In diesem Projekt darf niemand annotieren.",
  "assigned.save": "Speichern",
  "assigned.done": {
    one: "Die Zuweisung von {count} Aufgabe wurde geändert.",
    other: "Die Zuweisung von {count} Aufgaben wurde geändert.",
  },
  "assigned.atWork": "Die Aufgaben werden zugewiesen.",
};
export default de;
