/** CSS from a configuration, let through only where it can do no harm: no addresses, no scripts, no escape. */

const forbidden = /url\s*\(|expression|@import|javascript:|behavior|-moz-binding|\\|<\/?style/i;
const never = /^(position|z-index|pointer-events|content|cursor)$/i;

/** The declarations of a `style` attribute that are let through, as a text for the element. */
export function safeStyle(css: string): string {
  return css
    .split(";")
    .map((part) => part.trim())
    .filter((part) => {
      const [name, ...rest] = part.split(":");
      const value = rest.join(":").trim();
      return name && value && !never.test(name.trim()) && !forbidden.test(value) && !/[{}]/.test(part);
    })
    .join("; ");
}

/** Rules of a Style tag without what could reach outside or load anything, to stand inside a scope. */
export function safeRules(css: string): string {
  return css
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/@(?!media|supports|container)[^;{]*(;|\{[^}]*\})/gi, "")
    .replace(/[^{};]*(?:url\s*\(|expression\s*\(|javascript:|<\/?style|\\)[^{};]*;?/gi, "")
    .replace(/position\s*:\s*(fixed|sticky)\s*;?/gi, "");
}
