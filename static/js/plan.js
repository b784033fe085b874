/* Comfort of the plan: a box that ticks all the fiches of a group. */

for (const group of document.querySelectorAll(".plan .group")) {
  const boxes = () => [...group.parentElement.querySelectorAll('input[name="fiche"]')];
  if (!boxes().length) continue;
  const all = Object.assign(document.createElement("input"), { type: "checkbox" });
  all.dataset.all = "";
  all.setAttribute("aria-label", `Cocher toutes les fiches : ${group.textContent.trim().replace(/\s+/g, " ")}`);
  const refresh = () => {
    const ticked = boxes().filter((box) => box.checked).length;
    all.checked = ticked > 0 && ticked === boxes().length;
    all.indeterminate = ticked > 0 && !all.checked;
  };
  all.addEventListener("change", () => {
    for (const box of boxes()) box.checked = all.checked;
  });
  group.parentElement.addEventListener("change", refresh);
  const cell = document.createElement("td");
  cell.className = "pick";
  cell.setAttribute("role", "cell");
  cell.append(all);
  const head = group.querySelector("th");
  head.colSpan -= 1;
  group.prepend(cell);
  refresh();
}
