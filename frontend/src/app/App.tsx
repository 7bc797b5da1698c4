/** The application around its pages: the router, and what happens when a page breaks. */
import { type RouteDefinition, Router } from "@solidjs/router";
import { ErrorBoundary } from "solid-js";
import { Crashed } from "./Crashed";
import { Shell } from "./shell/Shell";

export function App(props: { routes: RouteDefinition[] }) {
  return (
    <ErrorBoundary fallback={(error) => <Crashed error={error} />}>
      <Router root={Shell}>{props.routes}</Router>
    </ErrorBoundary>
  );
}
