"""How the report looks, on screen and on paper: system fonts alone, nothing fetched from anywhere."""

from pathlib import Path
from typing import Final

CSS: Final = Path(__file__).with_name("report.css").read_text(encoding="utf-8")
