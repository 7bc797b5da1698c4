/** The application around its pages: queries, the router, and what happens when a page breaks. */
import { type RouteDefinition, Router } from "@solidjs/router";
import { QueryClientProvider } from "@tanstack/solid-query";
import { ErrorBoundary } from "solid-js";
import { Crashed } from "./Crashed";
import { queryClient } from "./queryClient";
import { Shell } from "./shell/Shell";

export function App(props: { routes: RouteDefinition[] }) {
  return (
    <ErrorBoundary fallback={(error) => <Crashed error={error} />}>
      <QueryClientProvider client={queryClient}>
        <Router root={Shell}>{props.routes}</Router>
      </QueryClientProvider>
    </ErrorBoundary>
  );
}
