// Comes together with htmx when the form for another kit is opened, and replays a change that was made before htmx loaded.

const answers = (form) => String(new URLSearchParams(new FormData(form)));

function replay() {
  const form = document.querySelector("#kit-section form");
  const rendered = form.cloneNode(true);
  rendered.reset();
  if (answers(form) !== answers(rendered)) form.dispatchEvent(new Event("change"));
}

if (window.htmx) replay();
else document.querySelector("script[src*=htmx]").addEventListener("load", replay);
