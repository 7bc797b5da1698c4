import { expect, it } from "vitest";
import { pastedFile } from "./pasted";

it.each([
  ['[{"text": "a"}]', "pasted.json"],
  ['{"text": "a"}', "pasted.json"],
  ["text,label\nhello,1\nbye,2", "pasted.csv"],
  ['text,label\n"hello, you",1\nbye,2', "pasted.csv"],
  ["text\tlabel\nhello\t1", "pasted.tsv"],
  ["Well, hello.\nGood, bye, now.", "pasted.txt"],
  ["one line, with a comma", "pasted.txt"],
  ["42", "pasted.txt"],
  ['[{"text": ', "pasted.txt"],
])("%j is taken for %s", (text, name) => expect(pastedFile(text).name).toBe(name));
