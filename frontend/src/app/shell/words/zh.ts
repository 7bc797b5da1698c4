import type { MenuWords } from ".";

export default {
  playground: "试验场",
} satisfies MenuWords;
