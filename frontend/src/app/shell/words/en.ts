/** English, the language the others are held to. */
export const en = {
  playground: "Playground",
};
