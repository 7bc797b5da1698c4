/**
 * What text may become part of the page (Trusted Types; the content policy demands them). Data never becomes
 * markup here: components build elements, and only their own constant markup passes through `default`.
 */

interface Policy {
  createHTML(text: string): string;
}

interface Rules {
  createHTML?: (text: string) => string | null;
  createScriptURL?: (url: string) => string | null;
}

const factory = (
  globalThis as unknown as { trustedTypes?: { createPolicy(name: string, rules: Rules): Policy } }
).trustedTypes;

/** What no component's markup holds: what runs, loads or leads away, and numbered characters that hide it. */
const active = /<\s*(?:script|object|embed|base|meta|link)\b|[\s/"']on[a-z]+\s*=|javascript:|&#|\bsrcdoc\b/i;

/** The markup as it is, or null where it holds something that could run. */
export function passMarkup(text: string): string | null {
  return active.test(text) ? null : text;
}

/** The address of a script of our own, or null. */
export function passScript(url: string, own: string): string | null {
  const { origin } = new URL(url, own);
  return origin === new URL(own).origin ? url : null;
}

let apart: Policy | undefined;

/** To be called before anything is drawn. Does nothing in browsers without Trusted Types. */
export function guardPage(): void {
  factory?.createPolicy("default", {
    createHTML: passMarkup,
    createScriptURL: (url) => passScript(url, location.href),
  });
  apart = factory?.createPolicy("apart", { createHTML: (text) => text });
}

/**
 * Foreign markup for a document apart from the page: one that is parsed and never shown, or a frame whose
 * sandbox allows no scripts. Nowhere else may it go.
 */
export function documentApart(text: string): string {
  return apart ? apart.createHTML(text) : text;
}
