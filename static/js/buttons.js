// Buttons that need a script, and are hidden until it runs: copy, share and print.

const PATIENCE = 1000; // ms

const reveal = (selector, act) => {
  for (const button of document.querySelectorAll(selector)) {
    button.hidden = false;
    button.onclick = () => act(button);
  }
};

const statusOf = (button) => button.parentElement.querySelector("[role=status]");

// <button data-copy="id of an input" hidden>, with a role="status" beside it.
async function copy(button) {
  const input = document.getElementById(button.dataset.copy);
  const status = statusOf(button);
  try {
    await navigator.clipboard.writeText(input.value);
    status.textContent = "Copied.";
  } catch {
    input.focus();
    input.select();
    status.textContent = "Press Ctrl+C, or hold the link, to copy it.";
  }
}

// <button data-share="text" data-picture="address" hidden>: with the picture where the platform takes one.
// A browser forgets the press after a while, and then refuses: a picture that takes longer is left out.
async function share(button) {
  const { dataset } = button;
  const what = { text: dataset.share, url: document.getElementById("link").value };
  const picture = await Promise.race([
    new Promise((late) => setTimeout(late, PATIENCE)),
    fetch(dataset.picture)
      .then((answer) => (answer.ok ? answer.blob() : null))
      .catch(() => null),
  ]);
  const files = picture ? [new File([picture], "producerguide.png", { type: "image/png" })] : [];
  const whole = { ...what, files };
  try {
    await navigator.share(files.length && navigator.canShare?.(whole) ? whole : what);
  } catch ({ name }) {
    // Otherwise the visitor closed the dialog.
    if (name !== "AbortError") statusOf(button).textContent = "Sharing did not work. Copy the link instead.";
  }
}

// <button data-print="id of the part" hidden>: the stylesheet hides the rest of the page.
function printPart(button) {
  document.getElementById(button.dataset.print).classList.add("print-part");
  document.body.classList.add("print-only");
  window.print();
}

addEventListener("afterprint", () => {
  document.body.classList.remove("print-only");
  document.querySelector(".print-part")?.classList.remove("print-part");
});

reveal("[data-copy]", copy);
if (navigator.share) reveal("[data-share]", share);
if (window.print) reveal("[data-print]", printPart);
