/** Español. */
import type { DataWords } from ".";

const es: DataWords = {
  "assigned.column": "Asignada a",
  "assigned.anybody": "Todas las tareas",
  "assigned.nobody": "Sin asignar",
  "assigned.to": "Asignadas a {name}",
  "assigned.action": "Asignar…",
  "assigned.title": {
    one: "Asignar {count} tarea",
    many: "Asignar {count} de tareas",
    other: "Asignar {count} tareas",
  },
  "assigned.hint": "Reciben estas tareas antes que las demás, y se les reserva una respuesta en cada una.",
  "assigned.mode": "Quienes ya tienen asignadas las tareas",
  "assigned.add": "se quedan, y se añaden estas personas",
  "assigned.replace": "dejan su lugar a estas personas",
  "assigned.remove": "se quedan, salvo estas personas",
  "assigned.people": "Personas",
  "assigned.none": "Nadie puede anotar en este proyecto.",
  "assigned.save": "Guardar",
  "assigned.done": {
    one: "Ha cambiado la asignación de {count} tarea.",
    many: "Ha cambiado la asignación de {count} de tareas.",
    other: "Ha cambiado la asignación de {count} tareas.",
  },
  "assigned.atWork": "Se están asignando las tareas.",
};
export default es;
