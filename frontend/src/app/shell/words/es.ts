import type { MenuWords } from ".";

export default {
  playground: "Zona de pruebas",
} satisfies MenuWords;
