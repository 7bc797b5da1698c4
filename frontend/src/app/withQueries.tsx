/** What asks the server by queries stands in here; it comes with the library that keeps the answers. */
import { QueryClientProvider } from "@tanstack/solid-query";
import type { Component } from "solid-js";
import { queryClient } from "./queryClient";

export function withQueries<Props extends object>(Page: Component<Props>): Component<Props> {
  return (props) => (
    <QueryClientProvider client={queryClient}>
      <Page {...props} />
    </QueryClientProvider>
  );
}
