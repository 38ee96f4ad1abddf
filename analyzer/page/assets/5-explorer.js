// One module's neighbourhood, and the shortest way from one module to another.
window.showModule = () => {};

(function explorer() {
  const form = byId("explore");
  if (!form) {
    return;
  }
  const kMost = 80, kColumn = 240, kRow = 24, kNode = 200, kLetters = 27;
  const input = byId("module"), depth = byId("depth"), wayTo = byId("way-to"), note = byId("ego-note");
  const list = byId("module-list");
  const numbers = new Map(data.modules.map((module, i) => [nodeName(module[0]), i]));
  const imports = (module) => data.modules[module][3].filter((_, i) => i % 2 === 0);
  const importers = (module) => data.modules[module][4];

  // Columns around a module, filled as LayOutEgo does.
  function columnsAround(module, steps) {
    const placed = new Set([module]);
    const columns = new Map([[0, [module]]]);
    let sides = [[module], [module]], room = kMost - 1, leftOut = 0;
    for (let distance = 1; distance <= steps; ++distance) {
      const next = [importers, imports].map((neighbours, side) => {
        const found = [];
        for (const from of sides[side]) {
          for (const to of neighbours(from)) {
            if (!placed.has(to)) {
              placed.add(to);
              found.push(to);
            }
          }
        }
        return found;
      });
      const half = Math.floor(room / 2);
      const first = Math.min(next[0].length, Math.max(half, room - Math.min(room, next[1].length)));
      const second = Math.min(next[1].length, room - first);
      leftOut += next[0].length - first + next[1].length - second;
      sides = [next[0].slice(0, first), next[1].slice(0, second)];
      room -= first + second;
      columns.set(-distance, sides[0]).set(distance, sides[1]);
    }
    return [columns, leftOut];
  }

  // Columns are numbers in order; each gets a place from left to right.
  function draw(columns, center) {
    const order = [...columns.keys()].filter((key) => columns.get(key).length).sort((a, b) => a - b);
    const tallest = Math.max(...order.map((key) => columns.get(key).length));
    const height = tallest * kRow + 16, width = (order.length - 1) * kColumn + kNode + 16;
    const at = new Map();
    order.forEach((key, i) => columns.get(key).forEach((module, row) => {
      const top = (height - columns.get(key).length * kRow) / 2;
      at.set(module, [8 + i * kColumn, top + (row + .5) * kRow]);
    }));
    const svg = byId("ego");
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("width", width);
    const arcs = [], nodes = [];
    for (const [module, [x, y]] of at) {
      for (const to of imports(module)) {
        if (at.has(to) && at.get(to)[0] > x) {
          const [end, level] = at.get(to), middle = (x + kNode + end) / 2;
          arcs.push(make("path", {class: "arc", "data-from": module, "data-to": to,
            d: `M${x + kNode} ${y}C${middle} ${y} ${middle} ${level} ${end} ${level}`}));
        }
      }
      const name = moduleName(module);
      const shown = name.length <= kLetters ? name : "…" + name.slice(1 - kLetters);
      nodes.push(make("g", {class: "ego-node " + data.health[data.modules[module][1]] +
                                   (module === center ? " center" : ""), "data-module": module},
        make("title", null, name),
        make("rect", {x, y: y - 10, width: kNode, height: 20, rx: 3}),
        make("text", {x: x + 6, y: y + 4}, shown)));
    }
    svg.replaceChildren(...arcs, ...nodes);
    nodes.forEach(activate);
  }

  function activate(node) {
    const module = Number(node.dataset.module);
    onChoose(node, () => show(module));
    const light = (on) => () => byId("ego").querySelectorAll(
      `[data-from="${module}"], [data-to="${module}"]`).forEach((arc) => arc.classList.toggle("lit", on));
    node.addEventListener("mouseenter", light(true));
    node.addEventListener("mouseleave", light(false));
  }

  function show(module) {
    input.value = moduleName(module);
    if (wayTo.value && numbers.has(wayTo.value)) {
      showWay(module, numbers.get(wayTo.value));
      return;
    }
    const [columns, leftOut] = columnsAround(module, Number(depth.value));
    draw(columns, module);
    note.textContent = `${data.modules[module][2]}: imported by ${counted(importers(module).length, "module")}, ` +
      `imports ${commas(imports(module).length)}` +
      (leftOut ? `; ${commas(leftOut)} more neighbours are not drawn` : "");
  }

  // Breadth first over imports.
  function showWay(from, to) {
    const before = new Map([[from, from]]);
    const queue = [from];
    for (let i = 0; i < queue.length && !before.has(to); ++i) {
      for (const next of imports(queue[i])) {
        if (!before.has(next)) {
          before.set(next, queue[i]);
          queue.push(next);
        }
      }
    }
    if (!before.has(to) || from === to) {
      note.textContent = `${moduleName(from)} does not import ${moduleName(to)}, at any distance`;
      draw(new Map([[0, [from]]]), from);
      return;
    }
    const way = [to];
    while (way[0] !== from) {
      way.unshift(before.get(way[0]));
    }
    draw(new Map(way.map((module, i) => [i, [module]])), from);
    note.textContent = way.slice(1).map((module, i) => {
      const links = data.modules[way[i]][3];
      return `${data.modules[way[i]][2]}:${links[links.findIndex((to, at) => at % 2 === 0 && to === module) + 1]}`;
    }).join(" → ");
  }

  // A few names that contain what was typed; ten thousand choices make browsers slow.
  function suggest(field) {
    const typed = field.value.toLowerCase();
    const found = [];
    for (const name of numbers.keys()) {
      if (name.toLowerCase().includes(typed) && found.push(name) >= 20) {
        break;
      }
    }
    list.replaceChildren(...found.map((name) => make("option", {value: name})));
  }

  window.showModule = (module) => {
    wayTo.value = "";
    show(module);
    byId("explorer").scrollIntoView();
  };
  for (const field of [input, wayTo]) {
    field.addEventListener("input", () => suggest(field));
    field.addEventListener("change", () => {
      if (numbers.has(input.value)) {
        show(numbers.get(input.value));
      }
    });
  }
  depth.addEventListener("change", () => numbers.has(input.value) && show(numbers.get(input.value)));
  form.addEventListener("submit", (event) => event.preventDefault());
  byId("ego").querySelectorAll(".ego-node").forEach(activate);
})();
