"""Which processes are alive."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class ProcessHeartbeat(Base):
    """The last sign of life of one worker or clock; a wiped Redis forgets workers, this does not."""

    __tablename__ = "process_heartbeat"

    name: Mapped[str] = mapped_column(primary_key=True)
    host: Mapped[str] = mapped_column(primary_key=True)
    pid: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())
    beat_at: Mapped[datetime] = mapped_column(server_default=func.clock_now(), index=True)
