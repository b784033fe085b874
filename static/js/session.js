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
let pressed = false;

/* Leaving a field saves it, unless that is already sent, or a button being pressed sends it all: the answer
   to a saving would put another button in the place of the one under the pointer. */
notes?.addEventListener("pointerdown", (event) => (pressed = Boolean(event.target.closest("button"))));
window.addEventListener("pointerup", () => (pressed = false));
window.addEventListener("pointercancel", () => (pressed = false));
notes?.addEventListener(
  "change",
  (event) => {
    if (pressed || sent === typed) event.stopImmediatePropagation();
  },
  { capture: true },
);

notes?.addEventListener("input", () => (typed += 1));
notes?.addEventListener("htmx:configRequest", (event) => {
  /* A sending that waited for the previous one still says which button asked for it. */
  const button = event.detail.triggeringEvent?.submitter;
  if (button?.name) event.detail.parameters[button.name] = button.value;
});
notes?.addEventListener("htmx:beforeRequest", () => (sent = typed));
notes?.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful) sent = -1;
  else if (!notes.querySelector("[role=alert]")) saved = sent;
});
window.addEventListener("beforeunload", (event) => {
  if (notes?.isConnected && saved < typed) event.preventDefault();
});
