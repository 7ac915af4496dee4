"""Weights of the Hugging Face hub: in its cache on this disk, or fetched into it when a user asked for that."""

import os
import re
import sys
from pathlib import Path

from symptom_intake.agent.errors import ConfigurationError

SETTINGS, TENSORS = ("*.json", "*.jinja", "*.model"), ("*.safetensors",)
"""Files to fetch: what is looked at first, and what is large."""
_COMMIT = re.compile(r"[0-9a-f]{40}")


def cached(model: str, revision: str | None) -> Path | None:
    """The folder of a model in the cache, if it is there; it may be incomplete.

    Args:
        model: Its id on the hub.
        revision: A commit; else the one that was fetched.

    Raises:
        ConfigurationError: If the revision is no full commit hash.
    """
    if revision and not _COMMIT.fullmatch(revision):
        raise ConfigurationError(
            f"The revision {revision!r} is no commit: branches and tags can be moved, so write the 40 hexadecimal "
            f"digits that https://huggingface.co/{model}/commits shows."
        )
    repository = _cache() / f"models--{model.replace('/', '--')}"
    commit = revision or _fetched(repository)
    folder = repository / "snapshots" / commit if commit else None
    return folder if folder and folder.is_dir() else None


def fetch(model: str, revision: str | None, patterns: tuple[str, ...]) -> Path:
    """Fetch files of a model from the hub, with a progress bar on a terminal. What is there already stays.

    Args:
        model: Its id on the hub.
        revision: A commit; else the newest.
        patterns: Which files.

    Returns:
        The folder in the cache; its name is the full commit hash.

    Raises:
        ConfigurationError: If the hub does not give them; the sentence says why and what to do.
    """
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.utils import disable_progress_bars
    except ImportError as error:
        raise ConfigurationError("A model in process needs: pip install 'symptom-intake[medgemma]'") from error
    if not sys.stderr.isatty():
        disable_progress_bars()
    try:
        return Path(snapshot_download(model, revision=revision, cache_dir=_cache(), allow_patterns=list(patterns)))
    except Exception as error:  # the hub's client raises errors of four libraries
        raise ConfigurationError(_reason(model, error)) from error


def _cache() -> Path:
    """As the hub's client finds it, which may not be installed."""
    environ = os.environ
    home = environ.get("HF_HOME") or Path(environ.get("XDG_CACHE_HOME") or "~/.cache", "huggingface")
    return Path(os.path.expandvars(environ.get("HF_HUB_CACHE") or Path(home, "hub"))).expanduser()


def _fetched(repository: Path) -> str | None:
    """The commit that `main` was when it was fetched, or the only one that is there."""
    try:
        return (repository / "refs" / "main").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        commits = [each.name for each in repository.glob("snapshots/*")]
        return commits[0] if len(commits) == 1 else None


def _reason(model: str, error: Exception) -> str:
    from huggingface_hub import errors

    page = f"https://huggingface.co/{model}"
    if isinstance(error, errors.GatedRepoError):
        return (
            f"{model!r} is gated: accept its terms on {page} with your account, then run `hf auth login` or set "
            "HF_TOKEN to a token of that account, and try again."
        )
    if isinstance(error, errors.RevisionNotFoundError):
        return f"The hub knows {model!r}, but not this revision; {page}/commits lists them."
    if isinstance(error, errors.RepositoryNotFoundError | errors.HFValidationError):
        return f"The hub knows no {model!r}, or your token may not see it; compare the name with {page}."
    return f"{model!r} could not be fetched: {_plain(error)}"


def _plain(error: Exception) -> str:
    from huggingface_hub import errors

    if getattr(error, "errno", None) == 28:
        return f"the disk of the cache {str(_cache())!r} is full; HF_HUB_CACHE names another place."
    if isinstance(error, errors.OfflineModeIsEnabled | errors.LocalEntryNotFoundError):
        return "the hub cannot be reached. Is there a network, and is HF_HUB_OFFLINE unset?"
    return f"the connection to the hub broke off ({type(error).__name__}). Trying again goes on where it stopped."
