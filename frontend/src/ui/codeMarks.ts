/** The text of a code in pieces: what faults are about, and what stands between. */
import { type CodeFault, positionOf } from "./codePlace";

export interface CodePiece {
  readonly text: string;
  readonly isFaulty: boolean;
}

/** More marks than these help nobody, and are drawn anew at every key. */
const MOST_MARKS = 100;

/** Where the word begins and ends that a fault is about; the last sign of the line where it is about its end. */
export function faultRange(text: string, { line, column }: CodeFault): [number, number] | null {
  if (line === null) return null;
  const at = positionOf(text, line, column ?? 1);
  const word = /^<?\/?[\w:.-]+|^[^\s\w]/.exec(text.slice(at, at + 200))?.[0];
  if (word) return [at, at + word.length];
  const before = text.slice(0, at).trimEnd().length;
  return before > 0 ? [before - 1, before] : null;
}

/** The whole text in pieces, in order; marks that overlap are one. */
export function codePieces(text: string, faults: readonly CodeFault[]): readonly CodePiece[] {
  const ranges = faults
    .slice(0, MOST_MARKS)
    .flatMap((fault) => {
      const range = faultRange(text, fault);
      return range ? [range] : [];
    })
    .sort(([a], [b]) => a - b);
  const pieces: CodePiece[] = [];
  let here = 0;
  for (const [from, to] of ranges) {
    if (to <= here) continue;
    const start = Math.max(from, here);
    if (start > here) pieces.push({ text: text.slice(here, start), isFaulty: false });
    pieces.push({ text: text.slice(start, to), isFaulty: true });
    here = to;
  }
  pieces.push({ text: text.slice(here), isFaulty: false });
  return pieces;
}
