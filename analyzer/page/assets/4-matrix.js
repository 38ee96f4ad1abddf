// The matrix: a cell shows its imports, a row its modules.
(function matrix() {
  const table = byId("matrix");
  if (!table) {
    return;
  }
  const kMost = 200, kMostParts = 40;
  const panel = byId("cell-imports");
  const rows = [...table.tBodies[0].rows];
  const names = rows.map((row) => row.querySelector(".name").textContent);
  const members = rows.map(() => []);
  data.rows.forEach((row, module) => {
    if (row !== null) {
      members[row].push(module);
    }
  });

  // Imports from modules of one row to modules of another: [from, to, line].
  function importsBetween(from, to) {
    const found = [];
    for (const module of members[from]) {
      const links = data.modules[module][3];
      for (let i = 0; i < links.length; i += 2) {
        if (data.rows[links[i]] === to) {
          found.push([module, links[i], links[i + 1]]);
        }
      }
    }
    return found;
  }

  function showCell(from, to) {
    const found = importsBetween(from, to);
    const list = make("ul", {class: "names"});
    for (const [module, target, line] of found.slice(0, kMost)) {
      list.append(make("li", null,
        make("button", {type: "button", class: "link", onclick: () => window.showModule(module)},
             moduleName(module)),
        " imports ",
        make("button", {type: "button", class: "link", onclick: () => window.showModule(target)},
             moduleName(target)),
        " ", make("code", {class: "place"}, data.modules[module][2] + ":" + line)));
    }
    panel.replaceChildren(
      make("strong", null, counted(found.length, "import"), " of ", code(names[to]), " in ",
           code(names[from])),
      list, found.length > kMost ? commas(found.length - kMost) + " more" : "");
    panel.hidden = false;
  }

  // Rows for the modules of a row, those with most imports first, below it.
  function toggleParts(row, index) {
    if (row.classList.toggle("open")) {
      const counts = members[index].map((module) => {
        const cells = new Map();
        const links = data.modules[module][3];
        for (let i = 0; i < links.length; i += 2) {
          const column = data.rows[links[i]];
          cells.set(column, (cells.get(column) || 0) + 1);
        }
        return [module, cells, links.length];
      }).sort((a, b) => b[2] - a[2] || a[0] - b[0]);
      const parts = counts.slice(0, kMostParts).map(([module, cells]) =>
        make("tr", {class: "part", "data-of": index},
          make("th", {scope: "row"},
               make("button", {type: "button", class: "link", onclick: () => window.showModule(module)},
                    moduleName(module))),
          make("td"), ...rows.map((_, column) => make("td", null, String(cells.get(column) || "")))));
      if (counts.length > kMostParts) {
        parts.push(make("tr", {class: "part", "data-of": index},
          make("th", {scope: "row"}, commas(counts.length - kMostParts) + " more"),
          make("td", {colspan: rows.length + 1})));
      }
      row.after(...parts);
    } else {
      table.querySelectorAll('[data-of="' + index + '"]').forEach((part) => part.remove());
    }
    row.querySelector("th").setAttribute("aria-expanded", row.classList.contains("open"));
  }

  rows.forEach((row, index) => {
    const head = row.querySelector("th");
    onChoose(head, () => toggleParts(row, index));
    head.setAttribute("aria-expanded", "false");
    [...row.cells].slice(2).forEach((cell, column) => {
      if (cell.classList.contains("used")) {
        onChoose(cell, () => showCell(index, column));
      }
    });
  });

  // The arrow keys walk over the filled cells.
  table.addEventListener("keydown", (event) => {
    const step = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]}[event.key];
    const cell = event.target.closest("td");
    if (!step || !cell) {
      return;
    }
    event.preventDefault();
    let row = rows.indexOf(cell.parentElement), column = cell.cellIndex;
    while (true) {
      row += step[0];
      column += step[1];
      const next = rows[row] && rows[row].cells[column];
      if (!next || column < 2) {
        return;
      }
      if (next.classList.contains("used")) {
        next.focus();
        return;
      }
    }
  });
  table.addEventListener("mouseover", (event) => {
    const cell = event.target.closest("td, th");
    table.querySelectorAll(".column-hover").forEach((each) => each.classList.remove("column-hover"));
    if (cell && cell.cellIndex >= 2) {
      const head = table.tHead.rows[0].cells[cell.cellIndex];
      const row = rows[cell.cellIndex - 2];
      head.classList.add("column-hover");
      row.cells[0].classList.add("column-hover");
    }
  });
})();
