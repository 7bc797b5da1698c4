/** The few words the widgets themselves say. The app replaces them with its catalogue's; `ui` knows no languages. */
export const words = {
  close: () => "Close",
  dismiss: () => "Dismiss",
  retry: () => "Try again",
  loading: () => "Loading",
  failed: () => "This could not be loaded",
  notifications: () => "Notifications",
  noMatches: () => "No matches",
};
