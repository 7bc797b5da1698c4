import type { ReviewWords } from ".";

export default {
  review: "Revisión",
  waiting: {
    one: "{count} tarea espera un veredicto",
    many: "{count} de tareas esperan un veredicto",
    other: "{count} tareas esperan un veredicto",
  },
  accept: "Aceptar",
  fixAndAccept: "Corregir y aceptar",
  return: "Devolver",
  later: "Más tarde",
  reason: "Por qué se devuelve",
  reasonHint: "¿Qué hay que arreglar? Intro lo envía, Escape lo deja.",
  sendBack: "Enviar de vuelta",
  cancel: "Cancelar",
  noVerdict: "Aquí ya no hay veredicto que dar.",
  nothingLeft: "No queda nada por revisar",
  nothingLeftHint: "Las tareas etiquetadas aparecerán aquí.",
  withOthers: {
    one: "{count} tarea es trabajo suyo o la revisa otra persona.",
    many: "{count} de tareas son trabajo suyo o las revisan otras personas.",
    other: "{count} tareas son trabajo suyo o las revisan otras personas.",
  },
  reviewCount: "Revisar ({count})",
} satisfies ReviewWords;
