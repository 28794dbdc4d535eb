"""Runs the engine as a process of its own: `python -m outbound_campaigns.engine`."""

import asyncio
import gc
import os

from outbound_campaigns.engine.assembly import end_process, run_engine
from outbound_campaigns.runtime.event_loop import new_event_loop, take_short_turns
from outbound_campaigns.runtime.logs import log_to_stderr
from outbound_campaigns.runtime.parent_death import end_with_parent
from outbound_campaigns.runtime.settings import Settings

OBJECTS = 20_000

if __name__ == "__main__":
    end_with_parent()
    settings = Settings.from_environ(os.environ)
    log_to_stderr(settings.log_form)
    # Loaded objects stay, and hundreds of requests in flight are no garbage: collecting after each 700 new
    # objects (gc, "set_threshold") would cost a quarter of the sending.
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS)
    take_short_turns()
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(run_engine(settings, os.environ))
    end_process()
