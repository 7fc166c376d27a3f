// Stands in every page, so keep it short. It sets the chosen theme before anything is drawn (the button is in prefetch.js), and has
// the font and the other scripts fetched after the first picture, which would otherwise share a slow line with them.

const { dataset } = document.documentElement;

try {
  const theme = localStorage.getItem("producerguide.theme");
  if (theme === "dark" || theme === "light") dataset.theme = theme;
} catch {
  // Storage is blocked: the page follows the system.
}

// Whoever comes from another page of ours has the font.
if (document.referrer.startsWith(location.origin)) dataset.font = "";

addEventListener("load", () => {
  const fetchLate = () => {
    dataset.font = "";
    for (const late of document.querySelectorAll("template.late")) {
      for (const script of late.content.children) script.async = false; // one after the other
      late.replaceWith(late.content);
    }
  };
  const fetchOnceDrawn = (seen) => {
    if (seen.getEntriesByName("first-contentful-paint").length) fetchLate(); // an empty page may be painted before
  };
  new PerformanceObserver(fetchOnceDrawn).observe({ type: "paint", buffered: true });
  setTimeout(fetchLate, 300); // Firefox does not tell of every picture
});
