"""The wheel holds what the checkout holds, and works without it."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(out), str(ROOT)],
        check=True,
    )
    return next(out.glob("*.whl"))


def test_every_module_and_content_file_is_in_it(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("agent", "prompts", "tools"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".py", ".yaml", ".md") or path.name == "py.typed":
                assert f"symptom_intake/{path.relative_to(ROOT)}" in inside


def test_nothing_else_is_in_it(wheel: Path) -> None:
    for name in zipfile.ZipFile(wheel).namelist():
        assert name.startswith(
            ("symptom_intake/agent/", "symptom_intake/prompts/", "symptom_intake/tools/", "symptom_intake-")
        )


def test_content_loads_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = (
        "import symptom_intake.prompts as p, pathlib;"
        f"assert str(pathlib.Path(p.__file__)).startswith({str(tmp_path)!r}), p.__file__;"
        "print(len(p.load_content().rules))"
    )
    env = {"PYTHONPATH": str(tmp_path), "PATH": ""}
    # -S leaves out the editable install of the checkout; the dependencies' folder is added by hand.
    site = next(each for each in sys.path if each.endswith("site-packages"))
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path.append({site!r}); {code}"],
        capture_output=True, text=True, check=True, cwd=tmp_path, env=env,
    )  # fmt: skip
    assert int(done.stdout) > 50
