"""A fork server: one interpreter that has loaded next to nothing answers each job in a fresh fork.

Started by oracle.py as `python -I -S -B interpreter_server.py`; speaks marshal over stdin and stdout. A
request is {"root", "path", "env", "warm", "prelude", "jobs"}; every job runs in a process of its own, forked
from one that has only put the project on sys.path. Not for use by hand.
"""
import gc
import marshal
import os
import _signal  # `signal` would load enum and types, which a project may have of its own
import sys

JOB_SECONDS = 180
REQUEST_SECONDS = 1800
STDLIB_PATH = [p for p in sys.path if "-packages" not in p]


def import_module(name):
    __import__(name)
    return sys.modules[name]


def describe(error, root):
    """What oracle.py needs to know of an exception: type names, message, the frames inside the project."""
    frames, absent, cause = [], [], error
    while cause is not None and len(absent) < 20:
        absent.append(getattr(cause, "name", None) if isinstance(cause, ModuleNotFoundError) else None)
        cause = cause.__cause__ or cause.__context__
    trace = error.__traceback__
    while trace is not None:
        path = trace.tb_frame.f_code.co_filename
        if path.startswith(root + "/"):
            frames.append((path[len(root) + 1:], trace.tb_lineno))
        trace = trace.tb_next
    return {"types": [t.__name__ for t in type(error).__mro__], "message": str(error)[:300],
            "name": getattr(error, "name", None) if isinstance(error, ImportError) else None,
            "frames": frames, "not_found": [name for name in absent if name]}


def absent_prefix(module, error, root):
    """The dotted prefix of `module` that does not exist, if that is what `error` says, else None."""
    if not isinstance(error, ModuleNotFoundError) or describe(error, root)["frames"]:
        return None
    name = error.name
    return name if name and (module == name or module.startswith(name + ".")) else None


def job_status(root, module):
    """Import `module` in this fresh interpreter."""
    try:
        import_module(module)
    except BaseException as error:
        return dict(describe(error, root), result="fails", absent=absent_prefix(module, error, root))
    return {"result": "ok"}


def take_name(root, module, name):
    """Execute `from module import name` here; `import module as _` where the name is "as"."""
    statement = f"import {module} as _" if name == "as" else f"from {module} import {name}"
    try:
        exec(compile(statement, "<row>", "exec"), {})
    except BaseException as error:
        told = describe(error, root)
        # A module's __getattr__ may be what looks for the submodule of that name, in vain.
        looked_for = isinstance(error, ModuleNotFoundError) and error.name == f"{module}.{name}"
        if isinstance(error, ImportError) and (not told["frames"] or looked_for):
            return {"result": "missing-name"}
        if name == "*":
            return dict(told, result="star-fails")
        return dict(told, result="name-error")
    return {"result": "ok"}


def job_rows(root, module, names, before):
    """`import module`, then each of `names` from it (None: the module itself); `before` is imported first."""
    for other in before:
        try:
            import_module(other)
        except BaseException:
            pass
    parts = module.split(".")
    for count in range(1, len(parts) + 1):
        prefix = ".".join(parts[:count])
        try:
            import_module(prefix)
        except BaseException as error:
            absent = absent_prefix(prefix, error, root)
            if absent == prefix:
                return [{"result": "missing-module", "name": prefix}] * len(names)
            failure = dict(describe(error, root), result="module-fails", module=prefix)
            return [failure] * len(names)
    answers = []
    here = sys.modules[module]
    for name in names:
        if name is None or (name != "*" and name in getattr(here, "__dict__", ())):
            answers.append({"result": "ok"})
        else:
            answers.append(in_fork(take_name, (root, module, name)))
    return answers


def job_identity(root, order):
    """Import `order` one after the other, then say which module attributes are one class or function."""
    import builtins
    module_type, function_type = type(sys), type(job_identity)
    made = {}
    keep = []
    build = builtins.__build_class__

    def remember(body, name, *bases, **keywords):
        result = build(body, name, *bases, **keywords)
        made[id(result)] = (body.__code__.co_filename, body.__code__.co_firstlineno)
        keep.append(result)
        return result

    builtins.__build_class__ = remember
    failed = []
    for module in order:
        try:
            import_module(module)
        except BaseException:
            failed.append(module)
    paths = {}
    loaded = []
    for key in sorted(sys.modules):
        module = sys.modules[key]
        if not isinstance(module, module_type) or key == "__main__":
            continue
        loaded.append(key)
        for name, value in list(vars(module).items()):
            if isinstance(value, function_type):
                where = (value.__code__.co_filename, value.__code__.co_firstlineno)
            elif isinstance(value, type):
                where = made.get(id(value))
            else:
                continue
            if where and where[0].startswith(root + "/") and isinstance(name, str):
                place = (where[0][len(root) + 1:], where[1], id(value))
                paths.setdefault(place, []).append(key + ":" + name)
    rows = [(path, line, sorted(found)) for (path, line, _), found in sorted(paths.items())]
    return {"failed": failed, "loaded": loaded, "paths": rows}


def is_loaded(name):
    module = sys.modules.get(name)
    return module is not None and not getattr(getattr(module, "__spec__", None), "_initializing", False)


def stand_in(root, name):
    """A parent package that failed, replaced by an empty one, so that its submodules can be judged by themselves."""
    module = type(sys)(name)
    module.__path__ = [os.path.join(root, *name.split("."))]
    sys.modules[name] = module


def job_reach(root, module, names):
    """As job_rows, but a parent package that fails to import does not matter: only `module` itself is asked."""
    parts = module.split(".")
    for count in range(1, len(parts) + 1):
        prefix = ".".join(parts[:count])
        try:
            import_module(prefix)
        except BaseException as error:
            if absent_prefix(prefix, error, root) == prefix:
                return [{"result": "missing-module", "name": prefix}] * len(names)
            if not is_loaded(prefix):
                if prefix == module:
                    return [dict(describe(error, root), result="module-fails", module=prefix)] * len(names)
                stand_in(root, prefix)
    here = vars(sys.modules[module])
    return [{"result": "ok"} if name is None or name in here else in_fork(take_name, (root, module, name))
            for name in names]


def job_reach_ok(root, wanted):
    """Which (module, name) pairs of [(module, names)] can be had when all modules are imported into one interpreter.

    Whatever is not among them is not judged: an earlier module may have failed half-way.
    """
    good = []
    for module, names in wanted:
        try:
            import_module(module)
        except BaseException:
            continue
        here = vars(sys.modules[module])
        good += [(module, name) for name in names
                 if name is None or name in here or in_fork(take_name, (root, module, name))["result"] == "ok"]
    return {"result": "ok", "good": good}


def job_run(root, code):
    """Execute `code` as a program would; what it assigns to `answer` comes back."""
    scope = {"__name__": "__truth__", "answer": None}
    try:
        exec(compile(code, "<run>", "exec"), scope)
    except BaseException as error:
        return dict(describe(error, root), result="fails", answer=scope["answer"])
    return {"result": "ok", "answer": scope["answer"]}


JOBS = {"status": job_status, "rows": job_rows, "identity": job_identity,
        "reach": job_reach, "reach_ok": job_reach_ok, "run": job_run}


def in_fork(function, arguments, seconds=JOB_SECONDS):
    """The value of function(*arguments) computed in a child; {"result": "died"} when there is none."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        data = b""
        try:
            os.close(reader)
            _signal.setitimer(_signal.ITIMER_REAL, seconds)
            data = marshal.dumps(function(*arguments))
        except BaseException as error:
            data = marshal.dumps({"result": "died", "message": repr(error)[:300]})
        finally:
            with os.fdopen(writer, "wb") as pipe:
                pipe.write(data)
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        data = pipe.read()
    os.waitpid(child, 0)
    return marshal.loads(data) if data else {"result": "died", "message": "no answer"}


def answer(request):
    """All jobs of one request; runs in a fork of the pristine server."""
    root = request["root"]
    os.environ.update(request.get("env", {}))
    if root:
        os.chdir(root)
    sys.path[:] = request["path"] + sys.path
    if "TRUTH_PLATFORM" in os.environ:  # what the sources are told; the standard library is loaded already
        sys.platform, os.name = os.environ["TRUTH_PLATFORM"].split(",")
    try:
        exec(request.get("prelude") or "", {"__name__": "__prelude__"})
    except BaseException:
        pass  # a broken project is still asked about
    return [in_fork(JOBS[job[0]], (root,) + tuple(job[1:])) for job in request["jobs"]]


def main():
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        if descriptor:
            os.dup2(null, descriptor)
    setup = marshal.load(requests)
    sys.path[:] = STDLIB_PATH + setup["site"]
    sys.argv[:] = [""]
    for name in setup["block"]:
        sys.modules[name] = None  # nothing that is warmed up may load the project itself
    for module in setup["warm"]:
        try:
            __import__(module)
        except BaseException:
            pass
    for name in setup["block"]:
        del sys.modules[name]
    gc.collect()
    gc.freeze()
    while True:
        try:
            request = marshal.load(requests)
        except EOFError:
            return
        marshal.dump(in_fork(answer, (request,), REQUEST_SECONDS), answers)
        answers.flush()


if __name__ == "__main__":
    sys.modules["__main__"].__dict__.pop("__file__", None)
    main()
