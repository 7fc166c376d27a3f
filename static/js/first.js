// Stands in every page, so keep it short. It sets the chosen theme before anything is drawn (the button is in prefetch.js), and has
// the other scripts fetched after the first picture, which would otherwise share a slow line with them.

try {
  const theme = localStorage.getItem("producerguide.theme");
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is blocked: the page follows the system.
}

addEventListener("load", () => {
  const fetchLate = () => {
    for (const late of document.querySelectorAll("template.late")) {
      for (const script of late.content.children) script.async = false; // one after the other
      late.replaceWith(late.content);
    }
  };
  new PerformanceObserver(fetchLate).observe({ type: "paint", buffered: true });
  setTimeout(fetchLate, 300); // Firefox does not tell of every picture
});
