"""What the machine has: processors, memory, GPUs."""

import os
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
"""Where Linux keeps the limit of a container."""


@dataclass(frozen=True)
class Gpu:
    """One GPU; `total` and `free` are bytes."""

    name: str
    total: int
    free: int


@dataclass(frozen=True)
class Machine:
    """What there is to run a model on.

    Attributes:
        cpus: Processors that this process may use.
        memory: Bytes of main memory, or of this container's share. `free`: what programs can still get of it.
        gpus: Those that torch sees; none without torch.
    """

    cpus: int
    memory: int
    free: int
    gpus: tuple[Gpu, ...] = ()

    @property
    def gpu_free(self) -> int:
        """Free bytes of all GPUs together."""
        return sum(gpu.free for gpu in self.gpus)


def this_machine() -> Machine:
    """Look at the machine; imports torch if it is installed, which takes seconds."""
    memory = min([os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"), *_limits()])
    return Machine(_cpus(), memory, min(memory, _available() or memory), _gpus())


def _cpus() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _limits() -> list[int]:
    texts = (Path(path).read_text(encoding="ascii").strip() for path in _LIMITS if Path(path).exists())
    return [int(text) for text in texts if text.isdigit()]


def _available() -> int | None:
    """Free bytes with the file cache that would make way; Linux alone tells."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), None)


def _gpus() -> tuple[Gpu, ...]:
    if find_spec("torch") is None:
        return ()
    import torch

    if not torch.cuda.is_available():
        return ()
    return tuple(_gpu(torch, number) for number in range(torch.cuda.device_count()))


def _gpu(torch: "object", number: int) -> Gpu:
    free, total = torch.cuda.mem_get_info(number)  # type: ignore[attr-defined]
    return Gpu(str(torch.cuda.get_device_name(number)), int(total), int(free))  # type: ignore[attr-defined]
