"""Makes the environment with the third-party programs that some tests run, in build/test-tools, when
it is missing or older than tests/requirements.txt. Beside it lies the official SARIF schema."""

import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOOLS = ROOT / "build" / "test-tools"
SARIF_SCHEMA = TOOLS / "sarif-2.1.0.json"
SARIF_SOURCE = "sarif-om==1.0.4"  # its source distribution holds the schema as it was published


def pip(*arguments: str) -> None:
    subprocess.run([TOOLS / "bin" / "python", "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments],
                   check=True)


def fetch_sarif_schema() -> None:
    with tempfile.TemporaryDirectory() as folder:
        pip("download", "--no-deps", "--no-binary", ":all:", "--dest", folder, SARIF_SOURCE)
        archive = next(pathlib.Path(folder).glob("*.tar.gz"))
        with tarfile.open(archive) as files:
            member = next(name for name in files.getnames() if "sarif-2.1.0" in name)
            SARIF_SCHEMA.write_bytes(files.extractfile(member).read())


def main() -> None:
    wanted = pathlib.Path(__file__).with_name("requirements.txt").read_text() + SARIF_SOURCE
    stamp = TOOLS / "stamp"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    shutil.rmtree(TOOLS, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", TOOLS], check=True)
    pip("install", "-r", str(pathlib.Path(__file__).with_name("requirements.txt")))
    fetch_sarif_schema()
    stamp.write_text(wanted)


if __name__ == "__main__":
    main()
