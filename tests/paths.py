"""Where test material lies that is not part of the project."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def shared(inside: str) -> Path:
    """A file or folder of the design's conformance material; the test is skipped where it is absent."""
    path = ROOT.parent / "shared" / inside
    if not path.exists():
        pytest.skip(f"needs the reference material {inside}, which is not on this machine")
    return path
