
"use strict";
(() => {
  document.documentElement.classList.add("script");
  const tables = [...document.querySelectorAll("[data-table]")];

  // rows that hold all of the words, whatever their case and accents
  const fold = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const rows = tables.flatMap((table) => [...table.tBodies[0].rows]).map((row) => [row, fold(row.textContent)]);
  document.getElementById("find").addEventListener("input", (event) => {
    const words = fold(event.target.value).split(/\s+/).filter(Boolean);
    for (const [row, content] of rows) row.hidden = !words.every((word) => content.includes(word));
  });

  const compare = { text: (a, b) => a.localeCompare(b), number: (a, b) => Number(a) - Number(b) };
  for (const button of document.querySelectorAll(".sort")) {
    button.addEventListener("click", () => {
      const head = button.closest("th");
      const body = head.closest("table").tBodies[0];
      const { kind } = button.dataset;
      // numbers begin with the greatest, words with A
      const down = head.ariaSort ? head.ariaSort === "ascending" : kind === "number";
      for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const value = (row) => row.cells[head.cellIndex].dataset.value;
      const sorted = [...body.rows].sort((a, b) => compare[kind](value(a), value(b)) * (down ? -1 : 1));
      body.append(...sorted);
    });
  }
})();
