// Sets the chosen theme before anything is drawn. It stands in every page, so keep it short; the button is in prefetch.js.

try {
  const theme = localStorage.getItem("producerguide.theme");
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is blocked: the page follows the system.
}
