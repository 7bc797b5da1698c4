/** Español. */
import type { KeyWords } from ".";

const es: KeyWords = {
  title: "Teclas",
  hint: "Pulsa el botón de una tecla y luego las teclas que debe tener. Se guardan con tu cuenta.",
  find: "Buscar una acción o una tecla",
  noneFound: "Ninguna acción coincide.",
  changeOf: "Cambiar las teclas de {action}:",
  noKey: "sin tecla",
  press: "Pulsa las teclas…",
  pressing: "Pulsa las nuevas teclas de {action}. Escape cancela.",
  remove: "Quitar las teclas de {action}",
  reset: "Devolver a {action} sus primeras teclas: {keys}",
  resetAll: "Todas como estaban",
  taken: "{keys} ya significa «{other}».",
  takeOver: "Quedársela",
  leave: "Dejarla",
  meets: "También: {other}",
  changed: "{action}: {keys}.",
  givenUp: "Nada ha cambiado",
  onDevice: "Guardadas en este dispositivo. La cuenta las recibirá cuando se alcance el servidor.",
  labels: "Etiquetas y respuestas de esta tarea",
  labelsHint: "Sus teclas forman parte de la configuración del proyecto.",
  labeling: "Etiquetado",
  picture: "En una imagen",
  everywhere: "En todas partes",
};

export default es;
