/** Properties of elements that have no attribute, for Solid's `prop:`. */
import "solid-js";

declare module "solid-js" {
  namespace JSX {
    interface ExplicitProperties {
      indeterminate: boolean;
    }
  }
}
