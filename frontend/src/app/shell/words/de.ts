import type { MenuWords } from ".";

export default {
  playground: "Spielwiese",
} satisfies MenuWords;
