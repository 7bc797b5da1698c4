/** Nothing to show in the work: relations are made and labeled in the panel of details. */
export default function Relations() {
  return null;
}
