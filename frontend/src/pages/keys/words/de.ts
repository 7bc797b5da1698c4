/** Deutsch. */
import type { KeyWords } from ".";

const de: KeyWords = {
  title: "Tasten",
  hint: "Drücke die Schaltfläche einer Taste, dann die Tasten, die sie haben soll. Sie bleiben bei deinem Konto.",
  find: "Aktion oder Taste suchen",
  noneFound: "Keine Aktion passt.",
  changeOf: "Die Tasten von {action} ändern:",
  noKey: "keine Taste",
  press: "Tasten drücken…",
  pressing: "Drücke die neuen Tasten von {action}. Escape bricht ab.",
  remove: "{action} die Tasten nehmen",
  reset: "{action} die ersten Tasten zurückgeben: {keys}",
  resetAll: "Alle wie zuvor",
  taken: "{keys} heißt schon „{other}“.",
  takeOver: "Übernehmen",
  leave: "Lassen",
  meets: "Auch: {other}",
  changed: "{action}: {keys}.",
  givenUp: "Nichts geändert",
  onDevice: "Auf diesem Gerät aufbewahrt. Das Konto bekommt sie, sobald der Server erreichbar ist.",
  labels: "Labels und Antworten dieser Aufgabe",
  labelsHint: "Ihre Tasten gehören zur Konfiguration des Projekts.",
  labeling: "Labeln",
  picture: "Im Bild",
  everywhere: "Überall",
};

export default de;
