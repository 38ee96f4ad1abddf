"""The fork server of record_package.py: interpreter_server.py with the jobs that record one whole package.

Started by oracle.py as `python -I -B -W always package_server.py`. Not for use by hand.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import interpreter_server as server  # noqa: E402

del sys.path[0]

import _signal  # noqa: E402
import warnings  # noqa: E402

IMPORT_SECONDS, TREE_SECONDS = 120, 1700  # one import; all of a package
LINES = set()  # (file, line) of the module bodies that ran in this process and in those it was forked from
OURS = (__file__, server.__file__, "<row>")
SIMPLE = (int, float, complex, str, bytes, bool, tuple, type(None), type(NotImplemented), type(...), type(sys))


def shorten(path, root):
    """A path below the package's folder, "<stdlib>/..." for the standard library, else the path."""
    if path.startswith(root + "/"):
        return path[len(root) + 1:]
    library = os.path.dirname(os.__file__) + "/"
    return "<stdlib>/" + path[len(library):] if path.startswith(library) else path


def tell(error, root, roots):
    """Type, message and the innermost frame inside the package."""
    at, innermost, trace = None, None, error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if "importlib" not in code.co_filename and code.co_filename not in OURS:
            innermost = [shorten(code.co_filename, root), trace.tb_lineno, code.co_name]
            if innermost[0].split("/")[0].split(".")[0] in roots:
                at = innermost
        trace = trace.tb_next
    return {"type": type(error).__name__, "msg": str(error)[:240], "at": at, "innermost": innermost,
            "import_error": isinstance(error, ImportError), "not_found": isinstance(error, ModuleNotFoundError),
            "name": getattr(error, "name", None) if isinstance(error, ImportError) else None,
            "skip": type(error).__name__ == "Skipped"}


class Warned:
    """Context: the deprecations that are shown while it lasts, as record_package.py writes them."""

    def __init__(self, root):
        self.root, self.found = root, []

    def __enter__(self):
        self.shown = warnings._showwarnmsg_impl
        warnings._showwarnmsg_impl = self.note
        return self

    def __exit__(self, *_):
        warnings._showwarnmsg_impl = self.shown

    def note(self, message):
        wanted = (DeprecationWarning, PendingDeprecationWarning, FutureWarning)
        if not issubclass(message.category, wanted):
            return
        frame, caller, body = sys._getframe(1), None, None
        while frame is not None and frame.f_code.co_filename.endswith("/warnings.py"):
            frame = frame.f_back
        while frame is not None and body is None:
            code = frame.f_code
            module = str(frame.f_globals.get("__name__"))
            where = [shorten(code.co_filename, self.root), frame.f_lineno, code.co_name, module]
            if "importlib._bootstrap" not in code.co_filename:
                caller = caller or where
                if code.co_name == "<module>":
                    body = [where[0], where[1], module]
            frame = frame.f_back
        told = {"category": message.category.__name__, "msg": str(message.message),
                "file": shorten(message.filename, self.root), "line": message.lineno, "caller": caller, "body": body}
        if told not in self.found:
            self.found.append(told)


def how_of(module, name, value, otherwise):
    return "s" if sys.modules.get(f"{module}.{name}", server) is value else otherwise


def take(root, roots, module, name):
    """`from module import name`, executed here after `module` was imported."""
    with Warned(root) as warned:
        scope = {}
        try:
            exec(compile(f"from {module} import {name}", "<row>", "exec"), scope)
        except BaseException as error:
            told = tell(error, root, roots)
            looked_for = told["not_found"] and told["name"] == f"{module}.{name}"
            if told["import_error"] and (told["innermost"] is None or looked_for):
                return {"r": "name-missing", "error": told}
            return {"r": "star-fails" if name == "*" else "raises", "error": told}
    found = {"r": "ok", "how": "*" if name == "*" else how_of(module, name, scope[name], "l")}
    if warned.found:
        found["dep"] = True
    return found


def visit(root, roots, tree, names, module, path):
    """Import `module` in this process, which has imported its parent; then ask for its names and its children.

    Gives [{"module", "error" or None, "warnings", "lines", "names": {name: answer}}] for it and all below it.
    """

    def trace(frame, *_):
        if frame.f_code.co_name == "<module>" and frame.f_code.co_filename.startswith(root):
            LINES.add((frame.f_code.co_filename, frame.f_lineno))
            return trace
        return None

    error = None
    _signal.setitimer(_signal.ITIMER_REAL, IMPORT_SECONDS)
    with Warned(root) as warned:
        sys.settrace(trace)
        try:
            server.import_module(module)
        except BaseException as raised:
            error = tell(raised, root, roots)
        sys.settrace(None)
    _signal.setitimer(_signal.ITIMER_REAL, TREE_SECONDS)
    told = {"module": module, "error": error, "warnings": warned.found, "names": {},
            "lines": sorted(line for file, line in LINES if file == path)}
    if error:
        return [told]
    here = getattr(sys.modules[module], "__dict__", ())
    # Asking such a module for what it does not have changes nothing.
    inert = type(sys.modules[module]) is type(sys) and "__getattr__" not in here and "__path__" not in here
    for name in names.get(module, ()):
        if inert and name != "*" and name not in here:
            told["names"][name] = take(root, roots, module, name)
        elif name == "*" or name not in here:
            told["names"][name] = server.in_fork(take, (root, roots, module, name))
        else:
            told["names"][name] = {"r": "ok", "how": how_of(module, name, here[name], "a")}
    return [told] + below(root, roots, tree, names, module)


def below(root, roots, tree, names, parent):
    found = []
    for child, path in tree.get(parent, ()):
        answer = server.in_fork(visit, (root, roots, tree, names, child, path), TREE_SECONDS)
        if isinstance(answer, dict):  # no answer in time, or the process ended itself
            answer = [{"module": child, "error": {"type": "SystemExit", "msg": answer.get("message", ""), "at": None,
                       "innermost": None, "import_error": False, "not_found": False, "name": None, "skip": False},
                       "warnings": [], "lines": [], "names": {}}]
        found += answer
    return found


def job_tree(_, root, roots, tree, names):
    """All of `tree` {parent: [(module, path)]}, "" at its top, each module in the state that importing it makes."""
    _signal.setitimer(_signal.ITIMER_REAL, TREE_SECONDS)
    return below(root, roots, tree, names, "")


def kind_of(value):
    made_by = type(value)  # isinstance would believe what a proxy says it is
    if issubclass(made_by, type):
        return "class", None if made_by is type else made_by.__name__
    if made_by is type(kind_of):
        return "function", None
    return ("builtin", None) if made_by is type(len) else ("other", made_by.__name__)


def plain(text):
    """The same as a plain str: what is derived from it cannot be marshalled."""
    return text if type(text) is str else str.__str__(text)


def text_or_none(value, field):
    try:
        found = getattr(value, field, None)
    except BaseException:
        return None
    return plain(found) if isinstance(found, str) else None


def is_recorded(value, roots, defined):
    """A class or function that says it is the package's, or whatever stands at a name that def or class binds."""
    own = text_or_none(value, "__module__") or ""
    ours = kind_of(value)[0] != "other" and own.split(".")[0] in roots
    return ours or (defined and type(value) not in SIMPLE)


def lazy_names(module, asked):
    """[(name, value)] that only getattr gives, of a module with __getattr__ or of a stand-in for one."""
    if type(module) is type(sys) and "__getattr__" not in vars(module):
        return []
    names = {*asked, *getattr(module, "__all__", ()), *dir(module)} - set(vars(module))
    found = []
    for name in sorted(n for n in names if isinstance(n, str) and not n.startswith("__") and not hasattr(object, n)):
        try:
            found.append((name, getattr(module, name)))
        except BaseException:
            pass
    return found


def job_objects(_, roots, order, defined, asked):
    """Import `order` into one interpreter; then every class, function and defined object that two paths lead to.

    `defined` {module: names that its source defines}; `asked` {module: names that it may give lazily}.
    """
    _signal.setitimer(_signal.ITIMER_REAL, TREE_SECONDS)
    for module in order:
        try:
            server.import_module(module)
        except BaseException:
            pass
    modules = [(k, m) for k, m in sorted(sys.modules.items()) if k.split(".")[0] in roots and hasattr(m, "__dict__")]
    seen = [(key, name, value, "paths") for key, module in modules
            for name, value in sorted((n, v) for n, v in list(vars(module).items()) if isinstance(n, str))]
    seen += [(key, name, value, "lazy") for key, module in modules
             for name, value in lazy_names(module, asked.get(key, ()))]
    found = {id(value): {"value": value, "paths": [], "lazy": []} for key, name, value, _ in seen
             if is_recorded(value, roots, name in defined.get(key, ()))}
    for key, name, value, where in seen:
        if id(value) in found:
            found[id(value)][where].append([plain(key), plain(name)])
    rows = []
    for row in found.values():
        if len(row["paths"]) + len(row["lazy"]) > 1:
            value = row["value"]
            kind, of = kind_of(value)
            rows.append({"kind": kind, "type": of, "module": text_or_none(value, "__module__"),
                         "qualname": text_or_none(value, "__qualname__"), "paths": row["paths"], "lazy": row["lazy"]})
    return {"rows": rows, "loaded": [plain(key) for key, _ in modules]}


server.JOBS.update({"tree": job_tree, "objects": job_objects})

if __name__ == "__main__":
    sys.modules["__main__"].__dict__.pop("__file__", None)
    server.main()
