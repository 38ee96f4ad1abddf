"""The code bases that compare.py measures on, fetched once into build/bench and unpacked."""

import pathlib
import subprocess
import sys
import sysconfig
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BENCH = ROOT / "build" / "bench"
PINS = ROOT / "bench" / "compare"


def wheels(pins: str) -> list[pathlib.Path]:
    """The wheels that a file of pins names, by version and hash."""
    folder = BENCH / "downloads" / pathlib.Path(pins).stem
    wanted = (PINS / pins).read_text().split("\n")
    if len(list(folder.glob("*.whl"))) < sum("==" in line for line in wanted):
        print(f"fetching what {pins} names", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
                        "--only-binary=:all:", "--platform=any", "--python-version=3.13",
                        "--require-hashes", f"--requirement={PINS / pins}", f"--dest={folder}"],
                       check=True)
    return sorted(folder.glob("*.whl"))


def unpack(wheel: pathlib.Path, folder: pathlib.Path) -> None:
    """What imports can reach; a file that another wheel brought stays as it is."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            top = name.split("/")[0]
            if not top.endswith((".dist-info", ".data")) and not (folder / name).exists():
                archive.extract(name, folder)


def home_assistant() -> pathlib.Path:
    folder = BENCH / "home-assistant"
    if not folder.is_dir():
        for wheel in wheels("corpora.txt"):
            unpack(wheel, folder)
    return folder


def four_million_lines() -> pathlib.Path:
    """Home Assistant and 200 of the most used packages that are pure Python, one copy of each."""
    folder = BENCH / "four-million"
    if not folder.is_dir():
        for wheel in wheels("corpora.txt") + wheels("packages.txt"):
            unpack(wheel, folder)
    return folder


def site_packages() -> pathlib.Path:
    """Of the folders where this machine's Python keeps packages, the one with the most files."""
    folders = {sysconfig.get_path("purelib"), sysconfig.get_path("stdlib"), "/usr/lib/python3"}
    return max((pathlib.Path(folder) for folder in sorted(folders)),
               key=lambda folder: sum(1 for _ in folder.rglob("*.py")))
