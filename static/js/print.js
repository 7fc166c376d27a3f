// "Print this part": <button data-print="id of the part" hidden>. print.css hides the rest.

const reveal = () => {
  for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
};
reveal();
document.addEventListener("htmx:afterSwap", reveal);

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-print]");
  if (!button) return;
  const part = document.getElementById(button.dataset.print);
  part.classList.add("print-part");
  document.body.classList.add("print-only");
  window.print();
});
window.addEventListener("afterprint", () => {
  document.body.classList.remove("print-only");
  document.querySelector(".print-part")?.classList.remove("print-part");
});
