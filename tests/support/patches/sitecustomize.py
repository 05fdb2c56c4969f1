"""For a new interpreter: imports what PATCHED_BY names, as a fork does."""

import os
import sys
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path.cwd()))
import_module(f"tests.support.patches.{os.environ['PATCHED_BY']}")
