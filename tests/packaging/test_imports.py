"""How the packages hang together: who imports whom, and what an import costs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("agent", "prompts", "tools")
ALLOWED = {"agent": {"agent", "prompts", "tools"}, "tools": {"tools", "prompts"}, "prompts": {"prompts"}}
HEAVY = (
    "langgraph",
    "langchain_core",
    "sqlite_utils",
    "dateparser",
    "PIL",
    "pydicom",
    "torch",
    "transformers",
)


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return names


@pytest.mark.parametrize("folder", FOLDERS)
def test_imports_point_one_way(folder: str) -> None:
    for path in modules(folder):
        ours = {name.split(".")[1] for name in imported(path) if name.startswith("symptom_intake.")}
        assert ours <= ALLOWED[folder], path


def test_the_listed_packages_are_the_folders_on_disk() -> None:
    import tomllib

    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    on_disk = {
        "symptom_intake." + ".".join(path.parent.relative_to(ROOT).parts)
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("__init__.py")
    }
    assert set(listed) == on_disk


def loaded_after(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd="/")
    return set(done.stdout.split())


def test_no_top_level_name_of_ours_is_taken() -> None:
    assert not loaded_after("import symptom_intake.agent, symptom_intake.tools, symptom_intake.prompts") & set(FOLDERS)


def test_importing_the_package_is_light() -> None:
    assert not loaded_after("import symptom_intake.agent") & set(HEAVY)


def test_every_public_name_is_there() -> None:
    import symptom_intake.agent as public

    for name in public.__all__:
        assert getattr(public, name) is not None
