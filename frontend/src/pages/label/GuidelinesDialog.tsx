/** Instructions of the project. Their HTML is shown in a frame that can run nothing and reach nothing. */
import { documentApart } from "../../trust";
import { Dialog } from "../../ui/Dialog";
import { say } from "./words";

/** Colours come from the page, for the frame cannot see its tokens. */
function framed(html: string): string {
  const style = getComputedStyle(document.documentElement);
  const { colorScheme } = style;
  const body = getComputedStyle(document.body);
  return `<!doctype html><base target="_blank"><style>
    :root { color-scheme: ${colorScheme}; }
    body { margin: 0; color: ${body.color}; font: 14px/22px ${body.fontFamily.replace(/</g, "")}; }
    img { max-width: 100%; }
  </style>${html}`;
}

export default function GuidelinesDialog(props: { html: string; onClose: () => void }) {
  return (
    <Dialog open title={say("guidelines")} size="large" onClose={() => props.onClose()}>
      <iframe
        class="guidelines"
        title={say("guidelines")}
        sandbox="allow-popups"
        srcdoc={documentApart(framed(props.html))}
      />
    </Dialog>
  );
}
