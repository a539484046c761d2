"""The network's files brought in: each file whole or not at all, a second time without any effect."""

from app.services.network.importing.bring_in import FileReport, import_network, preview_network
from app.services.network.importing.doubles import Decision, DoubleChoice

__all__ = ["Decision", "DoubleChoice", "FileReport", "import_network", "preview_network"]
