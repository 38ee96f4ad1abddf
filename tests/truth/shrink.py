"""Makes a failing project smaller. Entry point: shrink(files, fails), greedy over files and statements."""
import ast
import time


def statements(text):
    """(first line, last line, indentation, sole, header) of every statement, outermost first."""
    found, todo = [], [(ast.parse(text).body, True)]
    while todo:
        body, outermost = todo.pop(0)
        for node in body:
            first = min([node.lineno] + [d.lineno for d in getattr(node, "decorator_list", [])])
            found.append((first, node.end_lineno, node.col_offset, len(body) == 1 and not outermost))
            for field in ("body", "orelse", "finalbody"):
                inner = getattr(node, field, None)
                if isinstance(inner, list) and inner and isinstance(inner[0], ast.stmt):
                    todo.append((inner, False))
            for part in getattr(node, "handlers", []) + getattr(node, "cases", []):
                todo.append((part.body, False))
    return found


def without(text, first, last, column, sole):
    lines = text.split("\n")
    middle = [" " * column + "pass"] if sole else []
    if sole and lines[first - 1].strip() == "pass":
        return None
    return "\n".join(lines[:first - 1] + middle + lines[last:])


def parses(text):
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def chunks(items):
    """Halves, quarters and so on of a list, down to single items."""
    size = len(items)
    while size >= 1:
        for start in range(0, len(items), size):
            yield items[start:start + size]
        size //= 2


def smaller(files):
    """Projects with some files or statements less, the biggest steps first."""
    for group in chunks(sorted(files)):
        yield {p: t for p, t in files.items() if p not in group}
    for path in sorted(files):
        outermost = [s for s in statements(files[path]) if s[2] == 0]
        for group in chunks(outermost):
            if len(group) > 1:
                text = without(files[path], group[0][0], group[-1][1], 0, False)
                yield dict(files, **{path: text})
    for path in sorted(files):
        for place in statements(files[path]):
            text = without(files[path], *place)
            if text is not None and parses(text):
                yield dict(files, **{path: text})
        for number, line in enumerate(files[path].split("\n"), 1):
            # A header with its body taken out one level.
            text = unwrapped(files[path], number) if line.rstrip().endswith(":") else None
            if text and parses(text):
                yield dict(files, **{path: text})


def unwrapped(text, number):
    lines = text.split("\n")
    column = len(lines[number - 1]) - len(lines[number - 1].lstrip())
    rest = lines[number:]
    count = 0
    while count < len(rest) and rest[count].startswith(" " * (column + 1)):
        count += 1
    return "\n".join(lines[:number - 1] + [line[4:] for line in rest[:count]] + rest[count:])


def shrink(files, fails, seconds=60):
    """The smallest project found in that time for which `fails` still holds."""
    end = time.monotonic() + seconds
    progress = True
    while progress:
        progress = False
        for candidate in smaller(files):
            if candidate and fails(candidate):
                files, progress = candidate, True
                break
            if time.monotonic() > end:
                return files
    return files
