// Copy buttons: <button data-copy="id of an input" hidden>, with a role="status" beside them.

for (const button of document.querySelectorAll("[data-copy]")) {
  const input = document.getElementById(button.dataset.copy);
  const status = button.parentElement.querySelector("[role=status]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(input.value);
      status.textContent = "Copied.";
    } catch {
      input.focus();
      input.select();
      status.textContent = "Press Ctrl+C, or hold the link, to copy it.";
    }
  });
}
