/* Taking notes by keyboard: Ctrl + Enter saves; leaving with notes that are not saved yet is asked about. */

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form[data-quick]");
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  }
});

const notes = document.querySelector("form[data-autosave]");
let typed = 0;
let sent = 0;
let saved = 0;

notes?.addEventListener("input", () => (typed += 1));
notes?.addEventListener("htmx:beforeRequest", () => (sent = typed));
notes?.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) saved = sent;
});
window.addEventListener("beforeunload", (event) => {
  if (saved < typed) event.preventDefault();
});
