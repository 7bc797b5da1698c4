import type { MenuWords } from ".";

export default {
  playground: "ساحة التجربة",
} satisfies MenuWords;
