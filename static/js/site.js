/* What scripts add to every page. Without them everything still works, one page at a time. */

const token = () => document.querySelector('meta[name="csrf-token"]')?.content;

document.addEventListener("htmx:configRequest", (event) => {
  if (token()) event.detail.headers["X-CSRFToken"] = token();
});

/** A request that failed says so in the page's live region, where a full page would have shown an error page. */
function announce(text) {
  const notice = document.createElement("div");
  notice.className = "notice notice--error";
  notice.append(Object.assign(document.createElement("p"), { textContent: text }));
  document.getElementById("messages")?.replaceChildren(notice);
}

document.addEventListener("htmx:sendError", () => {
  announce("Le portail ne répond pas : vérifiez votre connexion, puis recommencez. Rien n’a été enregistré.");
});
document.addEventListener("htmx:responseError", (event) => {
  const refused = event.detail.xhr.status === 403;
  announce(
    refused
      ? "Ce changement vous est refusé : il n’a pas été enregistré. Rechargez la page pour voir ce que vous pouvez faire."
      : "Ce changement n’a pas été enregistré. Rechargez la page, puis recommencez.",
  );
});

/** After a refused form, reading starts at the list of errors. */
document.getElementById("erreurs")?.focus();
